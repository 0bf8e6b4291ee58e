package org.alignmentworkbench.model.dataset;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import org.alignmentworkbench.model.dataset.Example.Form;
import org.alignmentworkbench.model.dataset.Example.Preference;
import org.alignmentworkbench.model.dataset.Example.RatedCompletion;
import org.alignmentworkbench.model.dataset.json.JsonNumber;
import org.alignmentworkbench.model.dataset.json.JsonObject;
import org.alignmentworkbench.model.dataset.json.JsonText;

/// Judgements as lines of JSON that TRL's trainers read; they pass over columns they do not know.
final class PreferenceLines implements JudgementWriter {
  private final JudgementFormat format;
  private final BufferedWriter out;
  private final JudgementColumns columns;

  PreferenceLines(JudgementFormat format, Writer out, JudgementColumns columns) {
    this.format = format;
    this.out = new BufferedWriter(out, 1 << 16);
    this.columns = columns;
  }

  @Override
  public boolean write(JudgedPair pair) throws IOException {
    // What was withdrawn must not be learnt.
    if (pair.strength() == null || pair.status() == JudgedPair.Status.WITHDRAWN) {
      return false;
    }
    List<Turn> prompt = List.of(Turn.user(pair.prompt()));
    List<Turn> chosen = List.of(Turn.assistant(pair.chosen()));
    List<Turn> rejected = List.of(Turn.assistant(pair.rejected()));
    if (format == JudgementFormat.KTO) {
      line(
          pair,
          ExampleText.of(
              pair.id() + "/chosen", new RatedCompletion(Form.MESSAGES, prompt, chosen, true)));
      line(
          pair,
          ExampleText.of(
              pair.id() + "/rejected",
              new RatedCompletion(Form.MESSAGES, prompt, rejected, false)));
      return true;
    }
    JsonObject.Builder row =
        ExampleText.of(pair.id(), new Preference(Form.MESSAGES, prompt, chosen, rejected));
    if (format == JudgementFormat.SOFT_LABEL) {
      row.with("probability", JsonNumber.of(SoftLabel.of(pair.strength())));
    }
    line(pair, row);
    return true;
  }

  private void line(JudgedPair pair, JsonObject.Builder row) throws IOException {
    columns.of(pair).forEach(row::with);
    JsonText.write(row.build(), out);
    out.write('\n');
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
