-- What a person is dealt beside the work, as slots of their own: tasks whose better response is
-- known (CHECK; before any work: QUALIFY) and tasks that they judged before, with the sides swapped
-- (REPEAT). Counts of what is wanted leave these out; a desk shows them like any other slot.
alter table slot add column purpose text not null default 'WORK'
  check (purpose in ('WORK', 'CHECK', 'QUALIFY', 'REPEAT'));
alter table slot add column dealt_to bigint references person;
alter table slot add column attempt int;
alter table slot add constraint slot_dealt_check check ((purpose = 'WORK') = (dealt_to is null));
alter table slot add constraint slot_attempt_check
  check ((purpose = 'QUALIFY') = (attempt is not null));

-- A dealt slot has a number like those of its task's other slots, so that it looks like one.
alter table slot drop constraint slot_task_id_ordinal_key;
alter table slot add constraint slot_ordinal unique nulls not distinct (task_id, ordinal, dealt_to);
create unique index slot_dealt on slot (dealt_to, task_id, (purpose = 'REPEAT'))
  where dealt_to is not null;

-- A slot's id stands in an annotator's address bar. Ids have gaps of uneven width, so that a slot
-- that was dealt afterwards takes one between those of the others and does not stand out.
create sequence slot_number;
select setval('slot_number', coalesce(max(id), 0) / 16 + 1) from slot;
create function slot_id(number bigint) returns bigint
  language sql immutable
  return number * 16 + (hashint8(number) & 15);
alter table slot alter column id drop identity;
alter table slot alter column id set default slot_id(nextval('slot_number'));
alter sequence slot_number owned by slot.id;

alter table judgement add column purpose text not null default 'WORK'
  check (purpose in ('WORK', 'CHECK', 'QUALIFY', 'REPEAT'));
alter table judgement drop constraint judgement_task_id_person_id_key;
create unique index judgement_once on judgement (task_id, person_id, (purpose = 'REPEAT'));

-- An attention check asks whether somebody reads at all, not how well they judge.
alter table gold add column attention boolean not null default false;

-- How a project checks its annotators. Without a row the defaults of the application hold.
create table check_rule (
  project_id      bigint      primary key references project,
  check_percent   int         not null check (check_percent between 0 and 50),
  repeat_percent  int         not null check (repeat_percent between 0 and 50),
  agreement_shown boolean     not null,
  pass_percent    int         not null check (pass_percent between 1 and 100),
  pass_after      int         not null check (pass_after between 1 and 1000),
  below           text        not null check (below in ('NOTHING', 'WARN', 'STOP')),
  qualify_count   int         not null check (qualify_count between 0 and 50),
  qualify_percent int         not null check (qualify_percent between 1 and 100),
  set_by          bigint      not null references person,
  set_at          timestamptz not null
);

-- The stretch of tasks for which a person's checks and repeats have been chosen last.
create table dealt_block (
  project_id    bigint not null references project,
  person_id     bigint not null references person,
  number        int    not null,
  judged_before bigint not null,
  primary key (project_id, person_id)
);

-- What a lead decided of a person in a project; the last word counts, and figures begin anew.
create table lead_decision (
  id         bigint      generated always as identity primary key,
  project_id bigint      not null references project,
  person_id  bigint      not null references person,
  decision   text        not null check (decision in ('LET_IN', 'ASK_AGAIN', 'STOP')),
  -- Attempts to qualify that there had been: asking again wants one more.
  attempts   int         not null,
  note       text        not null default '',
  decided_by bigint      not null references person,
  decided_at timestamptz not null
);
create index lead_decision_of on lead_decision (project_id, person_id, id);
