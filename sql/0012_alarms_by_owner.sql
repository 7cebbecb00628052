-- Who of the owners knows of a trouble, and which way Telegram's updates come.

alter table alarms
  add column told bigint[] not null default '{}',       -- the owners who believe in it: told of it, and not yet of its end
  add column due_at timestamptz not null default now(), -- when those who could not be reached are tried next
  drop column told_at;
comment on table alarms is 'Trouble that owners must know: each is told once, and once more when it is over';

create table listening (
  one              boolean primary key default true,
  way              text not null,                       -- 'polling', or the address of the webhook
  turn             bigint not null default 1,           -- grows with each change of the way
  held_until       timestamptz not null,                -- by the programs that listen this way; the last to start decides
  webhook          text,                                -- hash of the address and secret that Telegram was last told
  constraint there_is_one_way check (one)
);
comment on table listening is 'How updates reach the bot, agreed on by all replicas';
