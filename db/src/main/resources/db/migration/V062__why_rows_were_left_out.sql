-- The table that says of each row of a brought file why it was left out.
alter table brought_file add column refusals_sha256 text references artifact;
