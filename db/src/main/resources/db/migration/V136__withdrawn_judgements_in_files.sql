-- How many withdrawn judgements a file holds, where it was asked to hold them.
alter table judgement_export add column withdrawn bigint not null default 0 check (withdrawn >= 0);
alter table work_export add column withdrawn bigint not null default 0 check (withdrawn >= 0);
