-- A typed sum is for one client: a chat has one question at a time.

update screens s set step = 'closed', rev = rev + 1
where step in ('ask_bill', 'ask_sum', 'ask_credit') and exists (
  select from screens o
  where o.bot = s.bot and o.chat_id = s.chat_id and o.step in ('ask_bill', 'ask_sum', 'ask_credit')
    and (o.touched_at, o.asked) > (s.touched_at, s.asked));

create unique index one_question_a_chat on screens (bot, chat_id) where step in ('ask_bill', 'ask_sum', 'ask_credit');
