package org.alignmentworkbench.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.alignmentworkbench.app.boot.WorkbenchApplication;
import org.alignmentworkbench.app.security.Accounts;
import org.alignmentworkbench.db.TestDatabase;
import org.alignmentworkbench.db.person.Person;
import org.alignmentworkbench.db.person.PersonRepository;
import org.alignmentworkbench.db.person.Role;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;

/// The whole server on a free port, on a database of its own in the tests' shared PostgreSQL.
public final class RunningServer implements AutoCloseable {
  public static final String PASSWORD = "seven quiet herons";

  /// Cost 4 makes sign-in cheap in tests; the product's own encoder reads the cost from the hash.
  private static final String HASH = "{bcrypt}" + new BCryptPasswordEncoder(4).encode(PASSWORD);

  private final TestDatabase database = TestDatabase.migrated();
  private final Path home;
  private ConfigurableApplicationContext context;

  public RunningServer(String... arguments) {
    try {
      home = Files.createTempDirectory("workbench-server-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(0, arguments);
  }

  private void start(int port, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--workbench.database.url=" + database.url());
    all.add("--workbench.database.username=" + database.username());
    all.add("--workbench.database.password=" + database.password());
    all.add("--spring.datasource.hikari.maximum-pool-size=6");
    context = WorkbenchApplication.start(home, port, all.toArray(String[]::new));
  }

  /// Ends the server and starts it again on the same port, data and database.
  public void restart() {
    int port = port();
    context.close();
    start(port);
  }

  public Path home() {
    return home;
  }

  public TestDatabase database() {
    return database;
  }

  public ConfigurableApplicationContext context() {
    return context;
  }

  public <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  public int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  public String url() {
    return "http://localhost:" + port();
  }

  /// A person with [#PASSWORD].
  public Person person(String username, Role role) {
    Person person = bean(Accounts.class).create(null, username, "Shown " + username, role, false);
    bean(PersonRepository.class).setPasswordHash(person.id(), HASH);
    return person;
  }

  /// A browser in which a person has signed in.
  public Browser signedIn(String username) {
    Browser browser = new Browser(url());
    browser.signIn(username, PASSWORD);
    return browser;
  }

  @Override
  public void close() {
    context.close();
    database.close();
    try (Stream<Path> walk = Files.walk(home)) {
      for (Path path : walk.toList().reversed()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
