-- A restricted project is there only for those who belong to it, and for administrators; any other
-- is there for everybody. quota: most judgements of one person; null sets no limit.
alter table project add column restricted boolean not null default false;
alter table project add column quota int check (quota between 1 and 1000000);
alter table project_person add column quota int check (quota between 1 and 1000000);

create table project_cohort (
  project_id bigint not null references project,
  cohort_id  bigint not null references cohort,
  primary key (project_id, cohort_id)
);
create index project_cohort_cohort on project_cohort (cohort_id);

-- Language tags as in BCP 47, in lower case. A tag covers those it begins: who speaks pt also judges
-- pt-br.
create table person_language (
  person_id bigint not null references person,
  language  text   not null check (language ~ '^[a-z]{2,3}(-[a-z0-9]{2,8})*$'),
  primary key (person_id, language)
);

-- A project that names languages is labelled by people who speak one of them.
create table project_language (
  project_id bigint not null references project,
  language   text   not null check (language ~ '^[a-z]{2,3}(-[a-z0-9]{2,8})*$'),
  primary key (project_id, language)
);

-- The rules, in one place. Whatever deals, counts or shows reads these.
-- Somebody may stand in belongs more than once.
create view belongs as
select project_id, person_id
from project_person
union all
select c.project_id, m.person_id
from project_cohort c
join cohort_member m on m.cohort_id = c.cohort_id;

create view may_see as
select p.id as project_id, w.id as person_id
from project p
cross join person w
where not p.restricted
  or w.role = 'ADMIN'
  or exists (select from belongs b where b.project_id = p.id and b.person_id = w.id);

-- An administrator sees every project and labels those that they belong to.
create view may_label as
select p.id as project_id, w.id as person_id, coalesce(m.quota, p.quota) as quota
from project p
cross join person w
left join project_person m on m.project_id = p.id and m.person_id = w.id
where w.active
  and w.role <> 'VIEWER'
  and (not p.restricted
    or exists (select from belongs b where b.project_id = p.id and b.person_id = w.id))
  and (not exists (select from project_language l where l.project_id = p.id)
    or exists (
      select
      from project_language l
      join person_language s on s.language = l.language or l.language like s.language || '-%'
      where l.project_id = p.id and s.person_id = w.id));

-- Those of them who have not judged as much as they may.
create view may_take as
select m.project_id, m.person_id
from may_label m
where m.quota is null
  or m.quota > (
    select count(*)
    from judgement j
    join task t on t.id = j.task_id
    where j.person_id = m.person_id and t.project_id = m.project_id);
