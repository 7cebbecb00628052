-- For compose: run once by a new cluster, as its administrator. The program's role owns its database and nothing else.
\getenv password POSTGRES_PASSWORD
create role loyalty login password :'password';
create database loyalty owner loyalty;
revoke connect on database postgres from public;
-- The administrator is let in on the server's own socket alone: no password opens it over the network.
alter role current_user password null;
