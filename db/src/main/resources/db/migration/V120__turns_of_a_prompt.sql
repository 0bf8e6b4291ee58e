-- The turns of a prompt that is a conversation, as it came. prompt.text says the same in one text,
-- which stays what the prompt is known and hashed by; a prompt of one turn has no rows here.
create table prompt_turn (
  prompt_id bigint not null references prompt,
  ordinal   int    not null check (ordinal >= 0),
  role      text   not null check (role in ('SYSTEM', 'USER', 'ASSISTANT')),
  text      text   not null,
  primary key (prompt_id, ordinal)
);
