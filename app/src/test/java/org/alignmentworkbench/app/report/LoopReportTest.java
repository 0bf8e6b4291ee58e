package org.alignmentworkbench.app.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import org.alignmentworkbench.app.report.LoopReport.Comparison;
import org.alignmentworkbench.app.report.LoopReport.Difference;
import org.alignmentworkbench.app.report.LoopReport.Export;
import org.alignmentworkbench.app.report.LoopReport.Lineage;
import org.alignmentworkbench.app.report.LoopReport.RewardModelFigures;
import org.alignmentworkbench.app.report.LoopReport.Stage;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LoopReportTest {
  private static LoopReport report() {
    LinkedHashMap<String, Double> byStrength = new LinkedHashMap<>();
    byStrength.put("1", 0.5);
    byStrength.put("4", null);
    return new LoopReport(
        7,
        null,
        12.5,
        null,
        List.of(
            new Stage("base", 500, 0.25, 0.2, 0.3, null, null, 0.5, null, null, null, null, 100.0),
            new Stage(
                "sft",
                500,
                0.5,
                0.45,
                0.55,
                new Difference(0.25, 0.2, 0.3),
                null,
                0.6,
                0.1,
                0.0,
                3.5,
                4.25,
                12345.0)),
        List.of(new Comparison("itec-2", "sft-more", 0.2, 0.1, 0.3)),
        new RewardModelFigures(10, 0.7, 0.4, 0.9, byStrength),
        List.of(new Export("gguf", 1024, "0123456789abcdef".repeat(4), "exports/nano.gguf")),
        new Lineage(42));
  }

  @Test
  void an_undefined_figure_is_null_and_never_absent() {
    JsonNode json = JsonMapper.shared().readTree(report().toJson());
    for (String name :
        List.of(
            "seed",
            "buildSeconds",
            "seconds",
            "peakMiB",
            "stages",
            "comparisons",
            "rewardModel",
            "exports",
            "lineage")) {
      assertThat(json.has(name)).as(name).isTrue();
    }
    assertThat(json.get("peakMiB").isNull()).isTrue();
    JsonNode base = json.get("stages").get(0);
    for (String name :
        List.of(
            "stage",
            "n",
            "passRate",
            "ciLow",
            "ciHigh",
            "vsPrevious",
            "vsSft",
            "trueUtility",
            "rewardModelScore",
            "klToReference",
            "bitsPerWeight",
            "bitsPerParameter",
            "tokensPerSecond")) {
      assertThat(base.has(name)).as(name).isTrue();
    }
    assertThat(base.get("vsSft").isNull()).isTrue();
    assertThat(json.get("rewardModel").get("accuracyByStrength").get("4").isNull()).isTrue();
  }

  @Test
  void the_table_shows_each_figure_with_its_interval_and_a_dash_for_an_undefined_one() {
    String table = LoopTable.render(report());
    assertThat(table.lines().toList().get(3))
        .contains("sft", "50.0 [45.0, 55.0]", "+25.0 [+20.0, +30.0]", "3.50", "12,345");
    assertThat(table.lines().toList().get(2)).startsWith("base").contains(" - ");
    assertThat(table).contains("itec-2 minus sft-more: +20.0 [+10.0, +30.0] points");
    assertThat(table).contains("by strength 1: 50 % 4: -").contains("gguf").contains("42 lineage");
  }
}
