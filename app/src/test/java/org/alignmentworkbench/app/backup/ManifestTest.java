package org.alignmentworkbench.app.backup;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import org.alignmentworkbench.db.backup.TableCopy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
  private static final String HASH = "ab".repeat(32);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../etc/passwd",
        "/etc/passwd",
        "artifacts/../../x",
        "models/..",
        "models/a/../../../x",
        "models/a\\..\\b",
        "models/./a",
        "models//a",
        "models/",
        "models/a\0b",
        "models/C:x",
        "database/../x",
        "database/Robert'); drop table x",
        "lock",
        "postgres/PG_VERSION",
        "manifest.json",
        "artifacts/abc"
      })
  void a_name_that_could_lead_elsewhere_is_none(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Manifest.Entry(name, 1, HASH))
        .withMessageContaining("cannot be the name of an entry");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "database/run_metric",
        "models/smol/model.safetensors",
        "models/..hidden",
        "models/smol/a.b-c_d (1).json"
      })
  void plain_names_are_taken(String name) {
    assertThatCode(() -> new Manifest.Entry(name, 0, HASH)).doesNotThrowAnyException();
  }

  @Test
  void artefacts_are_files_or_folders_of_their_hash() {
    assertThatCode(() -> new Manifest.Entry("artifacts/" + HASH, 0, HASH))
        .doesNotThrowAnyException();
    assertThatCode(() -> new Manifest.Entry("artifacts/" + HASH + "/a/b.bin", 0, HASH))
        .doesNotThrowAnyException();
  }

  @Test
  void names_of_tables_are_names_alone() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TableCopy.Table("run; drop table run", List.of("id")))
        .withMessageContaining("run; drop table run");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TableCopy.Table("run", List.of("id\" from run --")));
  }

  @Test
  void an_entry_that_is_listed_twice_is_refused() {
    Manifest.Entry entry = new Manifest.Entry("models/a", 1, HASH);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> manifest(List.of(), List.of(entry, entry)))
        .withMessageContaining("models/a is listed twice");
  }

  @Test
  void a_table_without_its_entry_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            manifest(
                List.of(new Manifest.Rows(new TableCopy.Table("run", List.of("id")), 0)),
                List.of()))
        .withMessageContaining("table run has no entry");
  }

  private static Manifest manifest(List<Manifest.Rows> tables, List<Manifest.Entry> entries) {
    return new Manifest(
        1, "0.1.0", Instant.EPOCH, List.of(), tables, List.of(), List.of(), entries, List.of());
  }
}
