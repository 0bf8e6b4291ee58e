-- The file that brought a prompt or a response first, so that what is made of them can be traced to it.
-- Where a text was there before, it is not the file's.
alter table prompt add column brought_by text references artifact;
alter table response add column brought_by text references artifact;

-- What was brought together with judgements is known by them.
update response r
set brought_by = i.file_sha256
from (
  select x.id, min(j.import_id) as import_id
  from judgement j
  join task t on t.id = j.task_id
  cross join lateral (values (t.response_a), (t.response_b)) as x(id)
  where j.import_id is not null
  group by x.id
) first
join judgement_import i on i.id = first.import_id
where r.id = first.id
  and r.member = 'imported';
update prompt p
set brought_by = i.file_sha256
from (
  select t.prompt_id as id, min(j.import_id) as import_id
  from judgement j
  join task t on t.id = j.task_id
  where j.import_id is not null
  group by t.prompt_id
) first
join judgement_import i on i.id = first.import_id
where p.id = first.id
  and p.kind = 'IMPORTED';

-- Files of a set-up's answers are told as files of comparisons are, once each.
create function tell_of_work_export() returns trigger
language plpgsql as $$
begin
  perform tell_webhooks(u.project_id, 'export.ready',
    jsonb_build_object('export', jsonb_build_object('id', new.id, 'setup', new.setup_id,
      'format', new.format, 'sha256', new.artifact_sha256, 'judged', new.judged,
      'skipped', new.skipped)))
  from labelling_setup u
  where u.id = new.setup_id;
  return null;
end
$$;

create trigger work_export_tells_webhooks
after insert on work_export
for each row execute function tell_of_work_export();
