package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.remote.LineageAnswer;
import org.alignmentworkbench.app.remote.LocalServer;
import org.alignmentworkbench.app.remote.ServerFile;
import org.alignmentworkbench.db.artifact.ArtifactStore;
import org.alignmentworkbench.db.lineage.DatasetBehind;
import org.alignmentworkbench.db.lineage.Edge;
import org.alignmentworkbench.db.lineage.LineageRepository;
import org.alignmentworkbench.db.lineage.Node;
import org.alignmentworkbench.db.migration.Migrations;
import org.alignmentworkbench.db.server.DataFolder;
import org.alignmentworkbench.db.server.PostgresServer;
import org.springframework.jdbc.core.simple.JdbcClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// `workbench lineage HASH`: from an artefact to what made it.
@Command(
    name = "lineage",
    description = "Walk from an artefact to everything that it was made from.")
final class LineageCommand implements Callable<Integer> {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  @Parameters(paramLabel = "HASH", description = "SHA-256 of the artefact, 64 hexadecimal digits.")
  private String hash = "";

  @Option(names = "--json", description = "Print JSON instead of a list.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    String sha256 = hash.toLowerCase(Locale.ROOT);
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new CommandRefused("'" + hash + "' is no SHA-256 of 64 hexadecimal digits");
    }
    Path home = Places.home();
    if (!Files.isDirectory(home)) {
      throw new CommandRefused("there is no data folder at " + home);
    }
    Optional<ServerFile> server = ServerFile.read(home);
    Optional<LineageAnswer> found =
        server.isPresent() ? ask(server.get(), sha256) : look(home, sha256);
    LineageAnswer answer =
        found.orElseThrow(
            () -> new CommandRefused("nothing in " + home + " has the hash " + sha256));
    System.out.println(json ? JSON.writeValueAsString(answer) : list(answer));
    return 0;
  }

  private static Optional<LineageAnswer> ask(ServerFile file, String sha256)
      throws IOException, InterruptedException {
    try (LocalServer server = new LocalServer(file)) {
      return server.lineage(sha256);
    } catch (LocalServer.RefusedException e) {
      throw new CommandRefused(String.valueOf(e.getMessage()));
    }
  }

  private static Optional<LineageAnswer> look(Path home, String sha256) {
    try (DataFolder folder = DataFolder.open(home);
        PostgresServer server = PostgresServer.start(folder);
        var pool = server.pool(2)) {
      Migrations.migrate(pool);
      JdbcClient jdbc = JdbcClient.create(pool);
      return LineageAnswer.of(
          sha256, new ArtifactStore(folder.artifacts(), jdbc), new LineageRepository(jdbc));
    }
  }

  private static String list(LineageAnswer answer) {
    StringBuilder out = new StringBuilder();
    for (Node node : answer.nodes()) {
      out.append("  ".repeat(node.depth()))
          .append(node.kind())
          .append(' ')
          .append(node.sha256(), 0, 12)
          .append(' ')
          .append(String.join(", ", node.names()))
          .append(node.swept() ? " (swept)" : "")
          .append('\n');
    }
    out.append('\n');
    for (Edge edge : answer.edges()) {
      out.append(edge.child(), 0, 12)
          .append(" <- ")
          .append(edge.parent(), 0, 12)
          .append("  ")
          .append(edge.role())
          .append('\n');
    }
    out.append('\n');
    for (DatasetBehind dataset : answer.datasets()) {
      out.append(
          String.format(
              Locale.ROOT,
              "%s: %,d rows, %,d prompts, %,d responses, %,d judgements%n",
              dataset.name(),
              dataset.rows(),
              dataset.prompts(),
              dataset.responses(),
              dataset.judgements()));
    }
    return out.toString().stripTrailing();
  }
}
