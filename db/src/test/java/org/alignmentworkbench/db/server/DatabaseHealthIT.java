package org.alignmentworkbench.db.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.alignmentworkbench.db.TestDatabase;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

class DatabaseHealthIT {
  @AutoClose static final TestDatabase database = TestDatabase.migrated();

  @Test
  void it_tells_what_an_administrator_asks_first() {
    DatabaseHealth health = DatabaseHealth.read(database.jdbc());
    assertThat(health.version()).startsWith("18.");
    assertThat(health.bytes()).isPositive();
    assertThat(health.connections()).isBetween(1L, 8L);
    assertThat(health.connectionLimit()).isEqualTo(40);
    assertThat(health.schemaVersion()).matches("[0-9]{3}");
  }
}
