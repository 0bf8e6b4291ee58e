-- Who left and is named no more. Their work stays under a name that says nothing.
alter table person add column pseudonymised_at timestamptz;
alter table person add constraint person_pseudonymised_check
  check (pseudonymised_at is null or not active and password_hash is null);

-- The trail names people by number, so that it can stay as it is when a name goes.
update audit_event e
set subject = 'person #' || p.id
from person p
where e.subject = 'person ' || p.username;

-- It is only added to, whoever asks.
create function audit_event_stays() returns trigger language plpgsql as $$
begin
  raise exception 'the audit trail is only added to: % of audit_event is refused', tg_op
    using errcode = 'insufficient_privilege';
end
$$;
create trigger audit_event_stays
  before update or delete or truncate on audit_event
  for each statement execute function audit_event_stays();
