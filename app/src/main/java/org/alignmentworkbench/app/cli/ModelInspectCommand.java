package org.alignmentworkbench.app.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.alignmentworkbench.model.folder.ModelDescription;
import org.alignmentworkbench.model.folder.StoredModel;
import org.alignmentworkbench.model.registry.ModelRegistry;
import org.alignmentworkbench.model.template.ChatMessage;
import org.alignmentworkbench.model.template.RenderedConversation;
import org.alignmentworkbench.model.template.TemplateException;
import org.alignmentworkbench.model.tokenizer.AddedToken;
import org.alignmentworkbench.model.tokenizer.TokenizerConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `workbench model inspect NAME`: what is known about a model.
@Command(
    name = "inspect",
    description =
        "Show a model's configuration, parameters, special tokens and its template on a sample.")
final class ModelInspectCommand implements Callable<Integer> {
  private static final List<ChatMessage> SAMPLE =
      List.of(
          ChatMessage.user("What is the capital of France?"),
          ChatMessage.assistant("Paris."),
          ChatMessage.user("And of Spain?"));

  @Mixin private ModelSource source = new ModelSource();

  @Option(names = "--json", description = "Print JSON, with every parameter.")
  private boolean json;

  /// Weights of one name in every layer, or one weight outside the layers.
  private record Kind(String name, int[] shape, String storedAs) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Kind kind
          && name.equals(kind.name)
          && Arrays.equals(shape, kind.shape)
          && storedAs.equals(kind.storedAs);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  @Override
  public Integer call() throws IOException {
    try (StoredModel model = source.open()) {
      if (json) {
        System.out.println(JsonMapper.shared().writeValueAsString(asJson(model)));
      } else {
        show(model);
      }
    }
    return 0;
  }

  private void show(StoredModel model) throws IOException {
    ModelDescription description = model.description();
    System.out.print(description.config().toJson());
    JsonNode report = report();
    if (report != null) {
      System.out.printf("%nImported from %s%n", report.path("format").asString());
      for (JsonNode file : report.path("sources")) {
        System.out.printf(
            "  %s, SHA-256 %s%n", file.path("file").asString(), file.path("sha256").asString());
      }
    }
    System.out.printf(Locale.ROOT, "%n%,d parameters%n", description.config().parameters());
    Map<Kind, Integer> kinds = new LinkedHashMap<>();
    description
        .config()
        .weightShapes()
        .forEach((name, shape) ->
            kinds.merge(
                new Kind(
                    name.replaceFirst("layers\\.[0-9]+\\.", "layers.N."),
                    shape,
                    model.weights().storedAs(name)),
                1,
                Integer::sum));
    kinds.forEach((kind, count) ->
        System.out.printf(
            Locale.ROOT,
            "  %-48s %4d x %-16s %,15d  %s%n",
            kind.name,
            count,
            Arrays.toString(kind.shape),
            count * Arrays.stream(kind.shape).asLongStream().reduce(1, (a, b) -> a * b),
            kind.storedAs));
    System.out.printf("%nSpecial tokens%n");
    roles(description.tokenizerConfig())
        .forEach((role, token) -> System.out.printf("  %-8s %s%n", role, token));
    System.out.println("  stops at " + description.stopIds());
    for (AddedToken token : description.tokenizer().addedTokens()) {
      System.out.printf(
          Locale.ROOT,
          "  %8d %s%s%n",
          token.id(),
          token.content(),
          token.special() ? "" : " (not special)");
    }
    if (!description.hasChatTemplate()) {
      System.out.printf("%nNo chat template%n");
      return;
    }
    System.out.printf("%nThe template on a sample, with a generation prompt%n");
    try {
      sample(description).text().lines().forEach(line -> System.out.println("  " + line));
    } catch (TemplateException refused) {
      System.out.println("  refused by the template: " + refused.getMessage());
    }
  }

  private ObjectNode asJson(StoredModel model) throws IOException {
    ModelDescription description = model.description();
    JsonMapper mapper = JsonMapper.shared();
    ObjectNode root = mapper.createObjectNode();
    root.put("parameters", description.config().parameters());
    root.set("config", mapper.readTree(description.config().toJson()));
    ArrayNode weights = root.putArray("weights");
    description
        .config()
        .weightShapes()
        .forEach((name, shape) -> {
          ObjectNode weight = weights.addObject();
          weight.put("name", name);
          Arrays.stream(shape).forEach(weight.putArray("shape")::add);
          weight.put("storedAs", model.weights().storedAs(name));
        });
    ObjectNode specials = root.putObject("specialTokens");
    roles(description.tokenizerConfig()).forEach(specials::put);
    ArrayNode added = root.putArray("addedTokens");
    for (AddedToken token : description.tokenizer().addedTokens()) {
      ObjectNode entry = added.addObject();
      entry.put("id", token.id());
      entry.put("content", token.content());
      entry.put("special", token.special());
    }
    description.stopIds().forEach(root.putArray("stopIds")::add);
    root.put("chatTemplate", description.tokenizerConfig().chatTemplate());
    if (description.hasChatTemplate()) {
      ObjectNode sample = root.putObject("sample");
      try {
        RenderedConversation rendered = sample(description);
        sample.put("text", rendered.text());
        Arrays.stream(rendered.ids()).forEach(sample.putArray("ids")::add);
      } catch (TemplateException refused) {
        sample.put("error", refused.getMessage());
      }
    }
    JsonNode report = report();
    if (report != null) {
      root.set("import", report);
    }
    return root;
  }

  private static RenderedConversation sample(ModelDescription description) {
    return description.chatTemplate().render(SAMPLE, true);
  }

  private static Map<String, String> roles(TokenizerConfig config) {
    Map<String, String> roles = new LinkedHashMap<>();
    put(roles, "bos", config.bosToken());
    put(roles, "eos", config.eosToken());
    put(roles, "pad", config.padToken());
    put(roles, "unk", config.unknownToken());
    return roles;
  }

  private static void put(Map<String, String> roles, String role, @Nullable String token) {
    if (token != null) {
      roles.put(role, token);
    }
  }

  private @Nullable JsonNode report() throws IOException {
    Path file = source.place().resolve(ModelRegistry.REPORT);
    return Files.isRegularFile(file)
        ? JsonMapper.shared().readTree(Files.readString(file, StandardCharsets.UTF_8))
        : null;
  }
}
