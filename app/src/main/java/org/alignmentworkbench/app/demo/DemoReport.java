package org.alignmentworkbench.app.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.alignmentworkbench.app.export.job.ExportFormat;
import org.alignmentworkbench.app.export.job.ExportLinks;
import org.alignmentworkbench.app.export.job.Exported;
import org.alignmentworkbench.app.report.LoopReport;
import org.alignmentworkbench.app.report.LoopReport.Comparison;
import org.alignmentworkbench.app.report.LoopReport.Difference;
import org.alignmentworkbench.app.report.LoopReport.Export;
import org.alignmentworkbench.app.report.LoopReport.Lineage;
import org.alignmentworkbench.app.report.LoopReport.RewardModelFigures;
import org.alignmentworkbench.app.report.LoopReport.Stage;
import org.alignmentworkbench.db.evaluation.Evaluation;
import org.alignmentworkbench.db.lineage.LineageRepository;
import org.alignmentworkbench.db.model.Model;
import org.alignmentworkbench.db.project.Project;
import org.alignmentworkbench.model.safetensors.SafetensorsFile;
import org.alignmentworkbench.rlhf.job.RewardModelPlan;
import org.alignmentworkbench.rlhf.job.Stores;
import org.alignmentworkbench.rlhf.preference.PreferenceStrength;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Gathers a finished demo's figures from what its runs left in the database; nothing is measured
/// here.
public final class DemoReport {
  private final Stores stores;
  private final ExportLinks links;
  private final Project project;

  private DemoReport(Stores stores, ExportLinks links, Project project) {
    this.stores = stores;
    this.links = links;
    this.project = project;
  }

  /// The report of a project on a running server.
  public static LoopReport of(
      ApplicationContext server,
      Project project,
      @Nullable Double buildSeconds,
      double seconds,
      OptionalDouble peakMiB)
      throws IOException {
    DemoReport report =
        new DemoReport(server.getBean(Stores.class), server.getBean(ExportLinks.class), project);
    return new LoopReport(
        project.seed(),
        buildSeconds,
        seconds,
        peakMiB.isPresent() ? peakMiB.getAsDouble() : null,
        report.stages(),
        report.comparisons(),
        report.rewardModel(),
        report.exports(),
        new Lineage(server.getBean(LineageRepository.class).edges()));
  }

  private List<Stage> stages() throws IOException {
    List<Stage> stages = new ArrayList<>();
    for (String name : DemoSettings.EVALUATED) {
      Optional<Evaluation> evaluation = stores.evaluations().findByStage(project.id(), name);
      if (evaluation.isPresent()) {
        stages.add(stage(name, evaluation.get()));
      }
    }
    return stages;
  }

  private List<Comparison> comparisons() {
    List<Comparison> comparisons = new ArrayList<>();
    for (String name : DemoSettings.EVALUATED) {
      Optional<Evaluation> evaluation = stores.evaluations().findByStage(project.id(), name);
      List<String> with = DemoSettings.comparedWith(name);
      if (evaluation.isEmpty() || with.isEmpty()) {
        continue;
      }
      JsonNode summary = JsonMapper.shared().readTree(evaluation.get().summary());
      for (String other : with.subList(1, with.size())) {
        Difference difference = other.equals(DemoSettings.SFT) ? null : difference(summary, other);
        if (difference != null) {
          comparisons.add(
              new Comparison(
                  name, other, difference.difference(), difference.ciLow(), difference.ciHigh()));
        }
      }
    }
    return comparisons;
  }

  private Stage stage(String name, Evaluation evaluation) throws IOException {
    JsonNode summary = JsonMapper.shared().readTree(evaluation.summary());
    Model model = stores.models().find(evaluation.modelId()).orElseThrow();
    Bits bits = bits(model);
    List<String> compared = DemoSettings.comparedWith(name);
    return new Stage(
        name,
        summary.path("n").asInt(),
        number(summary, "passRate"),
        number(summary, "ciLow"),
        number(summary, "ciHigh"),
        compared.isEmpty() ? null : difference(summary, compared.getFirst()),
        difference(summary, DemoSettings.SFT),
        number(summary, "trueUtility"),
        number(summary, "rewardModelScore"),
        number(summary, "klToReference"),
        bits.perWeight(),
        bits.perParameter(),
        number(summary, "tokensPerSecond"));
  }

  private record Bits(@Nullable Double perWeight, @Nullable Double perParameter) {}

  /// A compressed model knows its own sizes; the others keep every parameter in one number type.
  private Bits bits(Model model) throws IOException {
    JsonNode detail = JsonMapper.shared().readTree(model.detail());
    if (detail.has("bitsPerWeight")) {
      return new Bits(number(detail, "bitsPerWeight"), number(detail, "bitsPerParameter"));
    }
    if (model.kind() != Model.Kind.POLICY) {
      return new Bits(null, null);
    }
    double bits = storedBits(stores.artifacts().open(model.artifactSha256()));
    return new Bits(bits, bits);
  }

  /// Bits of a number in a model folder; all its weights are kept alike.
  private static double storedBits(Path folder) throws IOException {
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
      return file.info(file.names().getFirst()).dtype().bits();
    }
  }

  private @Nullable RewardModelFigures rewardModel() {
    Optional<Model> model = stores.models().findByName(project.id(), DemoSettings.REWARD_MODEL);
    if (model.isEmpty()) {
      return null;
    }
    RewardModelPlan.Detail detail = RewardModelPlan.Detail.of(model.get());
    SequencedMap<String, @Nullable Double> byStrength = new LinkedHashMap<>();
    for (PreferenceStrength strength : PreferenceStrength.values()) {
      RewardModelPlan.Accuracy accuracy = detail.accuracyByStrength().get(strength.name());
      byStrength.put(
          strength.name().toLowerCase(Locale.ROOT), accuracy == null ? null : accuracy.accuracy());
    }
    RewardModelPlan.Accuracy heldOut = detail.heldOut();
    return new RewardModelFigures(
        heldOut.n(), heldOut.accuracy(), heldOut.ciLow(), heldOut.ciHigh(), byStrength);
  }

  /// What the recovered model, the compressed one under it and the feature's adapter were written
  /// as.
  private List<Export> exports() {
    List<Export> exports = new ArrayList<>();
    for (String name :
        List.of(DemoSettings.COMPRESSED, DemoSettings.RECOVERED, DemoSettings.ADAPTER)) {
      Optional<Model> model = stores.models().findByName(project.id(), name);
      if (model.isPresent()) {
        for (Exported one :
            Exported.of(model.get().artifactSha256(), stores.lineage(), stores.artifacts())) {
          Path named = links.path(project, model.get(), ExportFormat.labelled(one.format()));
          Path path = Files.exists(named) ? named : one.path();
          exports.add(new Export(one.format(), one.bytes(), one.sha256(), path.toString()));
        }
      }
    }
    return exports;
  }

  private static @Nullable Difference difference(JsonNode summary, String stage) {
    for (JsonNode comparison : summary.path("comparisons")) {
      if (comparison.path("stage").asString().equals(stage)) {
        return new Difference(
            comparison.path("difference").asDouble(),
            comparison.path("ciLow").asDouble(),
            comparison.path("ciHigh").asDouble());
      }
    }
    return null;
  }

  private static @Nullable Double number(JsonNode json, String name) {
    JsonNode value = json.path(name);
    return value.isNumber() ? value.asDouble() : null;
  }
}
