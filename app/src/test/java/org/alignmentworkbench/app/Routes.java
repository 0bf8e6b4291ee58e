package org.alignmentworkbench.app;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.alignmentworkbench.app.token.ReadableProject;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/// The routes that a server maps, as addresses of things that are there: of the seeded project, or
/// of the one with readable texts where a route needs those.
public final class Routes {
  private static final Pattern VARIABLE =
      Pattern.compile("\\{([a-zA-Z0-9]+)(?::(?:[^{}]|\\{[^{}]*})*)?}");

  private final RunningServer server;
  private final SeededProject seeded;
  private final ReadableProject readable;

  public Routes(RunningServer server, SeededProject seeded, ReadableProject readable) {
    this.server = server;
    this.seeded = seeded;
    this.readable = readable;
  }

  /// A route with what stands for its variables.
  public record Call(String method, String pattern, String path) {
    /// Whether it names a thing within a project.
    public boolean nested() {
      return VARIABLE.matcher(pattern).results().count() > 1;
    }

    public boolean get() {
      return method.equals("GET");
    }
  }

  /// Every route once.
  ///
  /// @param project to put in its place, or 0 for the one that the thing is of
  public List<Call> all(long project) {
    TreeSet<String> seen = new TreeSet<>();
    List<Call> calls = new ArrayList<>();
    server
        .context()
        .getBean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
        .getHandlerMethods()
        .forEach((info, handler) -> {
          for (String pattern : info.getPatternValues()) {
            String path =
                VARIABLE
                    .matcher(pattern)
                    .replaceAll(found -> value(pattern, found.group(1), project));
            info.getMethodsCondition()
                .getMethods()
                .forEach(method -> {
                  if (seen.add(method + path)) {
                    calls.add(new Call(method.name(), pattern, path));
                  }
                });
          }
        });
    return calls;
  }

  private String value(String pattern, String name, long project) {
    boolean texts = pattern.contains("{modelId") || pattern.contains("{datasetId");
    return switch (name) {
      case "projectId" ->
          String.valueOf(project != 0 ? project : texts ? readable.projectId : seeded.projectId);
      case "promptId" -> String.valueOf(seeded.promptId);
      case "evaluationId" -> String.valueOf(seeded.evaluationId);
      case "modelId" -> String.valueOf(readable.modelId);
      case "datasetId" -> String.valueOf(readable.datasetId);
      case "taskId" -> String.valueOf(seeded.taskId);
      case "sha256" -> seeded.policySha;
      case "number" -> "0";
      case "id" -> pattern.startsWith("/runs/") ? String.valueOf(seeded.finishedRun) : "1";
      default -> "1";
    };
  }
}
