-- Whether a set-up's tasks are mixed with what waits already; else they come after it. Those that were
-- made before this was asked are mixed. The order itself lies in the shuffle keys of tasks and slots.
alter table labelling_setup add column mixed boolean not null default true;
alter table labelling_setup alter column mixed drop default;
