-- Of the choices of a set-up that somebody is dealt, the share that they made before, asked again with
-- the sides swapped. Comparisons have a share for the whole project, in check_rule. It is no part of
-- the question, which annotators' programs are sent.
alter table labelling_setup add column repeat_percent int not null default 0
  check (repeat_percent between 0 and 50);
alter table labelling_setup add constraint labelling_setup_repeat_check
  check (kind = 'CHOICE' or repeat_percent = 0);
