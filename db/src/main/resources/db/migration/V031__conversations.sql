-- Datasets that people bring along: whole conversations, which no prompt of the project stands behind.
alter table dataset drop constraint dataset_kind_check;
alter table dataset add constraint dataset_kind_check
  check (kind in ('DEMONSTRATIONS', 'PREFERENCES', 'SELECTED', 'PROMPTS', 'CONVERSATIONS'));
