package org.alignmentworkbench.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.alignmentworkbench.app.doctor.Finding.Verdict;
import org.alignmentworkbench.model.engine.EngineSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorIT {
  @Test
  void on_a_machine_that_passes_the_tests_nothing_is_a_problem(@TempDir Path home) {
    List<Finding> findings = new Doctor(home, EngineSettings.cpu(1)).examine();
    assertThat(findings)
        .extracting(Finding::subject)
        .containsExactly(
            "java", "processor", "memory", "data folder", "kernels", "database", "browser");
    assertThat(findings).noneMatch(finding -> finding.verdict() == Verdict.PROBLEM);
    assertThat(findings.get(4).detail()).startsWith("device cpu, 1 threads, ");
    assertThat(findings.get(5).detail()).startsWith("PostgreSQL ");
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void a_device_that_is_not_there_and_a_folder_that_cannot_be_are_problems() {
    List<Finding> findings =
        new Doctor(Path.of("/proc/1/nowhere"), new EngineSettings("cuda:99", 1)).examine();
    assertThat(findings.get(3).verdict()).isEqualTo(Verdict.PROBLEM);
    assertThat(findings.get(4).verdict()).isEqualTo(Verdict.PROBLEM);
    assertThat(findings.get(4).detail()).contains("cuda:99");
  }
}
