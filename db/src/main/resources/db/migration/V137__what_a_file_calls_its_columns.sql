-- What a file that is brought in calls the parts of a preference; null where it calls one as the readers do.
alter table judgement_import
  add column prompt_field text check (length(prompt_field) between 1 and 400),
  add column chosen_field text check (length(chosen_field) between 1 and 400),
  add column rejected_field text check (length(rejected_field) between 1 and 400);
