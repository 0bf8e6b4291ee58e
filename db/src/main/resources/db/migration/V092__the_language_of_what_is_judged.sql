-- The language of a prompt, where its maker said it: a BCP 47 tag in lower case. A slot has it too,
-- so that dealing reads one table.
alter table prompt add column language text
  check (language ~ '^[a-z]{2,3}(-[a-z0-9]{2,8})*$');
update prompt
set language = lower(task ->> 'language')
where lower(task ->> 'language') ~ '^[a-z]{2,3}(-[a-z0-9]{2,8})*$';

alter table slot add column language text
  check (language ~ '^[a-z]{2,3}(-[a-z0-9]{2,8})*$');
update slot s
set language = p.language
from task t
join prompt p on p.id = t.prompt_id
where t.id = s.task_id
  and p.language is not null;
