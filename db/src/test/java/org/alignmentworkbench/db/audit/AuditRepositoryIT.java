package org.alignmentworkbench.db.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;

class AuditRepositoryIT {
  @AutoClose static final TestDatabase database = TestDatabase.migrated();
  private final JdbcClient jdbc = database.jdbc();
  private final AuditRepository audit = new AuditRepository(jdbc);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update audit_event set action = 'nothing'",
        "update audit_event set detail = '{}' where id = 1",
        "delete from audit_event",
        "delete from audit_event where id < 0",
        "truncate audit_event"
      })
  void the_database_refuses_to_change_the_trail(String sql) {
    audit.record(null, "person.role", "person #7", "{\"role\":\"LEAD\"}");
    List<AuditEvent> before = audit.latest(1000);
    assertThatThrownBy(() -> jdbc.sql(sql).update())
        .rootCause()
        .hasMessageContaining("the audit trail is only added to");
    assertThat(audit.latest(1000)).isEqualTo(before);
  }

  @Test
  void a_person_is_named_as_they_are_called_now() {
    PersonRepository people = new PersonRepository(jdbc);
    long ada = people.create("ada", "Ada", null, Role.LEAD, false).id();
    audit.record(ada, "person.password", "person #" + ada, "{}");
    assertThat(audit.latest(1).getFirst().subject()).isEqualTo("person ada");
    jdbc.sql("update person set username = 'ada.l' where id = ?").param(ada).update();
    assertThat(audit.latest(1).getFirst().subject()).isEqualTo("person ada.l");
    audit.record(ada, "person.password", "person #424242", "{}");
    assertThat(audit.latest(1).getFirst().subject()).isEqualTo("person #424242");
    audit.record(ada, "project.create", "project 1", "{}");
    assertThat(audit.latest(1).getFirst().subject()).isEqualTo("project 1");
  }
}
