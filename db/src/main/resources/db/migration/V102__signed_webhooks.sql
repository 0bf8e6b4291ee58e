-- Addresses of other programs that want to hear of a project's events. The secret signs what they are
-- sent, so it is kept as it is; no page shows it again.
create table webhook (
  id         bigint      generated always as identity primary key,
  project_id bigint      not null references project,
  url        text        not null check (length(url) between 1 and 500),
  secret     text        not null check (length(secret) >= 32),
  events     text[]      not null check (cardinality(events) > 0 and events <@ array['run.finished', 'run.failed', 'round.waiting', 'round.complete', 'export.ready', 'ping']),
  created_by bigint      not null references person,
  created_at timestamptz not null,
  removed_at timestamptz
);
create index webhook_project on webhook (project_id) where removed_at is null;

-- One event for one webhook: what is to be sent, and how far that is. next_at is when it is tried next;
-- a sender that takes it moves that on first, so a killed sender loses nothing.
create table webhook_delivery (
  id         bigint      generated always as identity primary key,
  webhook_id bigint      not null references webhook,
  event      text        not null,
  body       jsonb       not null,
  at         timestamptz not null default now(),
  state      text        not null default 'WAITING' check (state in ('WAITING', 'DELIVERED', 'GIVEN_UP')),
  attempts   int         not null default 0,
  next_at    timestamptz not null default now(),
  replay_of  bigint      references webhook_delivery
);
create index webhook_delivery_due on webhook_delivery (next_at, id) where state = 'WAITING';
create index webhook_delivery_of on webhook_delivery (webhook_id, id);

create table webhook_attempt (
  delivery_id bigint      not null references webhook_delivery,
  number      int         not null,
  at          timestamptz not null,
  millis      bigint      not null,
  status      int,
  fault       text,
  answer      text        not null default '' check (length(answer) <= 200),
  primary key (delivery_id, number)
);

-- Events are made by the database, in the transaction of what they tell: whoever changes a run, and
-- however the process ends, there is exactly one event for each change.
create function tell_webhooks(of_project bigint, what text, about jsonb) returns void
language sql as $$
  insert into webhook_delivery (webhook_id, event, body)
  select w.id, what,
    jsonb_build_object('event', what, 'at', now(),
      'project', jsonb_build_object('id', p.id, 'name', p.name)) || about
  from webhook w
  join project p on p.id = w.project_id
  where w.project_id = of_project
    and w.removed_at is null
    and what = any(w.events)
$$;

create function tell_of_run() returns trigger
language plpgsql as $$
declare
  what text := case
    when new.state = 'COMPLETED' then 'run.finished'
    when new.state = 'FAILED' then 'run.failed'
    when new.state = 'WAITING' then 'round.waiting'
    when old.state = 'WAITING' and new.state = 'QUEUED' then 'round.complete'
  end;
begin
  if what is not null then
    perform tell_webhooks(new.project_id, what,
      jsonb_build_object('run', jsonb_build_object('id', new.id, 'name', new.name,
        'job', new.job_name, 'state', new.state, 'detail', new.detail)));
  end if;
  return null;
end
$$;

create trigger run_tells_webhooks
after update of state on run
for each row when (old.state is distinct from new.state)
execute function tell_of_run();

create function tell_of_export() returns trigger
language plpgsql as $$
begin
  perform tell_webhooks(new.project_id, 'export.ready',
    jsonb_build_object('export', jsonb_build_object('id', new.id, 'format', new.format,
      'sha256', new.artifact_sha256, 'judged', new.judged, 'skipped', new.skipped)));
  return null;
end
$$;

create trigger export_tells_webhooks
after insert on judgement_export
for each row execute function tell_of_export();
