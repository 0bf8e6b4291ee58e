package org.alignmentworkbench.model.dataset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.model.dataset.json.JsonString;
import org.alignmentworkbench.model.dataset.json.JsonValue;

/// Judgements as a table, one a record, under a header that is there even without a record.
final class JudgementTable implements JudgementWriter {
  private final CsvWriter csv;
  private final JudgementColumns columns;

  JudgementTable(CsvWriter csv, JudgementColumns columns) throws IOException {
    this.csv = csv;
    this.columns = columns;
    List<String> names = new ArrayList<>(List.of("id", "prompt", "response_a", "response_b"));
    names.addAll(columns.names());
    names.addAll(JudgementColumns.OF_WITHDRAWN);
    csv.record(names.stream().<JsonValue>map(JsonString::new).toList());
  }

  @Override
  public boolean write(JudgedPair pair) throws IOException {
    List<JsonValue> cells = new ArrayList<>();
    cells.add(new JsonString(pair.id()));
    cells.add(new JsonString(pair.prompt()));
    cells.add(new JsonString(pair.responseA()));
    cells.add(new JsonString(pair.responseB()));
    cells.addAll(columns.of(pair).values());
    cells.addAll(JudgementColumns.ofWithdrawn(pair));
    csv.record(cells);
    return true;
  }

  @Override
  public void flush() throws IOException {
    csv.flush();
  }

  @Override
  public void close() throws IOException {
    csv.close();
  }
}
