-- Every job now calls what it starts from "model" and what it makes "result". Runs that were ordered
-- before keep their orders: they can still start, go on after a kill, and be ordered again.

create function pg_temp.renamed(settings jsonb, before text, after text) returns jsonb
  language sql immutable as $$
    select case when jsonb_exists(settings, before)
      then (settings - before) || jsonb_build_object(after, settings -> before) else settings end
  $$;

-- The result first: two jobs called it "model", the name that what is trained has now.
update run set configuration =
    pg_temp.renamed(pg_temp.renamed(configuration, 'model', 'result'), 'start', 'model')
  where job_name = 'mirrorDescentRlhf' and not jsonb_exists(configuration, 'result');
update run set configuration =
    pg_temp.renamed(pg_temp.renamed(configuration, 'model', 'result'), 'backbone', 'model')
  where job_name = 'rewardModelTraining' and not jsonb_exists(configuration, 'result');
update run set configuration = pg_temp.renamed(configuration, 'start', 'model')
  where job_name = 'itecRound';
update run set configuration =
    pg_temp.renamed(pg_temp.renamed(configuration, 'adapter', 'result'), 'start', 'model')
  where job_name = 'featureAdapter';
update run set configuration =
    pg_temp.renamed(pg_temp.renamed(configuration, 'compressed', 'result'), 'policy', 'model')
  where job_name = 'compression';
