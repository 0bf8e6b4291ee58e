package org.alignmentworkbench.db.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.TestProject;
import org.alignmentworkbench.db.exchange.JudgementImportRow.Purpose;
import org.alignmentworkbench.db.exchange.JudgementImportRow.State;
import org.alignmentworkbench.db.exchange.JudgementImports.ColumnNames;
import org.alignmentworkbench.db.exchange.JudgementImports.NewImport;
import org.alignmentworkbench.db.run.NewRun;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunRepository;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class JudgementImportsIT {
  private static TestDatabase database;

  @BeforeAll
  static void start() {
    database = TestDatabase.migrated();
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  /// An import whose run is queued.
  private static JudgementImportRow queued(
      JudgementImports imports, TestProject project, RunRepository runs) {
    long id =
        imports
            .add(
                new NewImport(
                    project.id(),
                    "x.jsonl",
                    project.modelSha256(),
                    Purpose.JUDGEMENTS,
                    1,
                    3,
                    false,
                    ColumnNames.USUAL,
                    null))
            .id();
    Run run =
        runs.create(
            new NewRun(project.id(), "import-" + id, "judgementImport", "{}", 1, "test", "none"));
    imports.setRun(id, run.id());
    return imports.find(id).orElseThrow();
  }

  @Test
  void a_file_stands_in_the_way_of_its_like_while_its_run_may_take_it_and_after() {
    JudgementImports imports = new JudgementImports(database.jdbc());
    RunRepository runs = new RunRepository(database.jdbc());
    TestProject project = TestProject.create(database.jdbc(), 1);
    JudgementImportRow row = queued(imports, project, runs);
    assertThat(row.state()).isEqualTo(State.WAITING);
    assertThat(
            imports.same(
                project.id(), project.modelSha256(), Purpose.JUDGEMENTS, ColumnNames.USUAL))
        .contains(row);
    assertThat(imports.same(project.id(), project.modelSha256(), Purpose.PAIRS, ColumnNames.USUAL))
        .isEmpty();

    runs.cancel(row.runId(), "stopped on request");
    assertThat(imports.find(row.id()).orElseThrow().state()).isEqualTo(State.BROKEN);
    assertThat(
            imports.same(
                project.id(), project.modelSha256(), Purpose.JUDGEMENTS, ColumnNames.USUAL))
        .isEmpty();

    JudgementImportRow second = queued(imports, project, runs);
    imports.end(second.id(), State.TAKEN, new ImportCounts(3, 1, 2, 0, 0, 0), null, null);
    assertThat(
            imports.same(
                project.id(), project.modelSha256(), Purpose.JUDGEMENTS, ColumnNames.USUAL))
        .map(JudgementImportRow::id)
        .contains(second.id());
    // What a file came to is said once.
    imports.end(second.id(), State.REFUSED, null, null, "late");
    assertThat(imports.find(second.id()).orElseThrow().state()).isEqualTo(State.TAKEN);
  }
}
