package org.alignmentworkbench.db.migration;

import static org.assertj.core.api.Assertions.assertThat;

import org.alignmentworkbench.db.TestDatabase;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Orders from before the jobs agreed on names for what they train and make.
class RenamedSettingsIT {
  @AutoClose private final TestDatabase database = TestDatabase.empty();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mirrorDescentRlhf|{\"start\": \"sft\", \"model\": \"mdloo\", \"reference\": \"sft\"}"
            + "|{\"model\": \"sft\", \"result\": \"mdloo\", \"reference\": \"sft\"}",
        "mirrorDescentRlhf|{\"model\": \"mdloo\"}|{\"result\": \"mdloo\"}",
        "mirrorDescentRlhf|{\"start\": \"sft\"}|{\"model\": \"sft\"}",
        "rewardModelTraining|{\"backbone\": \"sft\", \"model\": \"rm\", \"toRound\": 2}"
            + "|{\"model\": \"sft\", \"result\": \"rm\", \"toRound\": 2}",
        "itecRound|{\"start\": \"sft\", \"round\": 1}|{\"model\": \"sft\", \"round\": 1}",
        "featureAdapter|{\"start\": \"recovered\", \"adapter\": \"summaries\"}"
            + "|{\"model\": \"recovered\", \"result\": \"summaries\"}",
        "compression|{\"policy\": \"mdloo\", \"compressed\": \"c\", \"recovered\": \"r\"}"
            + "|{\"model\": \"mdloo\", \"result\": \"c\", \"recovered\": \"r\"}",
        "supervisedFineTuning|{\"model\": \"base\", \"result\": \"sft\"}"
            + "|{\"model\": \"base\", \"result\": \"sft\"}",
        "evaluation|{\"model\": \"sft\"}|{\"model\": \"sft\"}"
      })
  void an_order_keeps_its_meaning(String job, String before, String after) {
    Flyway old =
        Flyway.configure()
            .dataSource(database.dataSource())
            .target(MigrationVersion.fromVersion("60"))
            .load();
    old.migrate();
    database
        .jdbc()
        .sql(
            """
            with p as (insert into project (name, seed) values ('p', 1) returning id)
            insert into run (project_id, name, job_name, configuration, seed, code_version)
            select id, 'r', :job, :before::jsonb, 1, 'test' from p
            """)
        .param("job", job)
        .param("before", before)
        .update();
    int _ = Migrations.migrate(database.dataSource());
    assertThat(
            database
                .jdbc()
                .sql("select configuration = :after::jsonb from run")
                .param("after", after)
                .query(Boolean.class)
                .single())
        .isTrue();
  }
}
