package org.alignmentworkbench.model.dataset;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.model.dataset.DatasetReader.Settings;

/// All outcomes of a file at once.
final class Outcomes {
  private Outcomes() {}

  static List<RowOutcome> all(DatasetReader reader) throws IOException {
    List<RowOutcome> outcomes = new ArrayList<>();
    for (RowOutcome outcome = reader.next(); outcome != null; outcome = reader.next()) {
      outcomes.add(outcome);
    }
    return outcomes;
  }

  static List<RowOutcome> of(byte[] file, Settings settings) {
    try (DatasetReader reader = DatasetReader.open(new ByteArrayInputStream(file), settings)) {
      return all(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<RowOutcome> of(String file, String name) {
    return of(file.getBytes(StandardCharsets.UTF_8), new Settings(name));
  }
}
