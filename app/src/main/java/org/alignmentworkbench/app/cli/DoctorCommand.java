package org.alignmentworkbench.app.cli;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.alignmentworkbench.app.doctor.Doctor;
import org.alignmentworkbench.app.doctor.Finding;
import org.alignmentworkbench.model.engine.EngineSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// `workbench doctor`: whether everything is there.
@Command(
    name = "doctor",
    description =
        "Check JDK, processor, memory, disk, kernels, database and browser; exit code 1 for a"
            + " problem.")
final class DoctorCommand implements Callable<Integer> {
  @Option(names = "--device", description = "auto, cpu or cuda:N (default: ${DEFAULT-VALUE}).")
  private String device = "auto";

  @Option(names = "--threads", description = "Threads of the kernels (default: ${DEFAULT-VALUE}).")
  private int threads = 2;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() {
    List<Finding> findings =
        new Doctor(Places.home(), new EngineSettings(device, threads)).examine();
    if (json) {
      System.out.println(JsonMapper.shared().writeValueAsString(findings));
    } else {
      for (Finding finding : findings) {
        System.out.printf(
            "%-8s %-12s %s%n",
            finding.verdict().name().toLowerCase(Locale.ROOT), finding.subject(), finding.detail());
      }
    }
    return findings.stream().anyMatch(f -> f.verdict() == Finding.Verdict.PROBLEM) ? 1 : 0;
  }
}
