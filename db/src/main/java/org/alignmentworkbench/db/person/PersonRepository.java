package org.alignmentworkbench.db.person;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.alignmentworkbench.db.row.Columns;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/// People. The last active administrator with a way in can be neither demoted nor deactivated.
public final class PersonRepository {
  private static final String INSERT =
      """
      insert into person (username, display_name, password_hash, role, scripted)
      values (:username, :displayName, :passwordHash, :role, :scripted)
      returning id, username, display_name, password_hash, role, scripted, active, created_at
      """;
  private static final String FIND =
      """
      select id, username, display_name, password_hash, role, scripted, active, created_at
      from person
      where id = :id
      """;
  private static final String FIND_BY_USERNAME =
      """
      select id, username, display_name, password_hash, role, scripted, active, created_at
      from person
      where username = :username
      """;
  private static final String ALL =
      """
      select id, username, display_name, password_hash, role, scripted, active, created_at
      from person
      where not imported
      order by username
      """;
  private static final String COUNT_ADMINS =
      """
      select count(*)
      from person
      where role = 'ADMIN' and active
      """;
  // The inner query locks every active administrator, in one order, so that two administrators who
  // demote each other at the same moment cannot both succeed.
  private static final String SET_ROLE =
      """
      with admins as (
        select id
        from person
        where role = 'ADMIN' and active
        order by id
        for update
      )
      update person
      set role = :role
      where id = :id
        and (:role = 'ADMIN'
          or not exists (select from admins where admins.id = person.id)
          or (select count(*) from admins) > 1)
      """;
  private static final String SET_ACTIVE =
      """
      with admins as (
        select id
        from person
        where role = 'ADMIN' and active
        order by id
        for update
      )
      update person
      set active = :active
      where id = :id
        and pseudonymised_at is null
        and (:active
          or not exists (select from admins where admins.id = person.id)
          or (select count(*) from admins) > 1)
      """;
  private static final String SET_PASSWORD =
      """
      update person
      set password_hash = :passwordHash
      where id = :id
      """;
  private static final String SET_DISPLAY_NAME =
      """
      update person
      set display_name = :displayName
      where id = :id
      """;

  /// How names of judges begin whom a file names. Such a name follows from project and judge:
  /// whoever chose it for their account would be taken for that judge.
  public static final String IMPORTED = "imported-";

  private final JdbcClient jdbc;

  public PersonRepository(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /// @param username lower case letters, digits and `. _ @ -`, at most 64
  /// @throws org.springframework.dao.DuplicateKeyException when the user name is taken or kept for
  ///   judges whom files name
  public Person create(
      String username,
      String displayName,
      @Nullable String passwordHash,
      Role role,
      boolean scripted) {
    if (username.startsWith(IMPORTED)) {
      throw new DuplicateKeyException("names that begin with " + IMPORTED + " are taken");
    }
    return jdbc.sql(INSERT)
        .param("username", username)
        .param("displayName", displayName)
        .param("passwordHash", passwordHash)
        .param("role", role.name())
        .param("scripted", scripted)
        .query(PersonRepository::person)
        .single();
  }

  public Optional<Person> find(long id) {
    return jdbc.sql(FIND).param("id", id).query(PersonRepository::person).optional();
  }

  public Optional<Person> findByUsername(String username) {
    return jdbc.sql(FIND_BY_USERNAME)
        .param("username", username)
        .query(PersonRepository::person)
        .optional();
  }

  /// By user name.
  public List<Person> all() {
    return jdbc.sql(ALL).query(PersonRepository::person).list();
  }

  public long countActiveAdmins() {
    return jdbc.sql(COUNT_ADMINS).query(Long.class).single();
  }

  /// False when there is no such person or when the last active administrator would go.
  public boolean setRole(long id, Role role) {
    return jdbc.sql(SET_ROLE).param("id", id).param("role", role.name()).update() == 1;
  }

  /// False when there is no such person or when the last active administrator would go.
  public boolean setActive(long id, boolean active) {
    return jdbc.sql(SET_ACTIVE).param("id", id).param("active", active).update() == 1;
  }

  public void setPasswordHash(long id, @Nullable String passwordHash) {
    jdbc.sql(SET_PASSWORD).param("id", id).param("passwordHash", passwordHash).update();
  }

  public void setDisplayName(long id, String displayName) {
    jdbc.sql(SET_DISPLAY_NAME).param("id", id).param("displayName", displayName).update();
  }

  private static Person person(ResultSet row, int number) throws SQLException {
    return new Person(
        row.getLong("id"),
        row.getString("username"),
        row.getString("display_name"),
        row.getString("password_hash"),
        Role.valueOf(row.getString("role")),
        row.getBoolean("scripted"),
        row.getBoolean("active"),
        Columns.instant(row, "created_at"));
  }
}
