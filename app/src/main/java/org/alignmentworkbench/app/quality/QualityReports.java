package org.alignmentworkbench.app.quality;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.db.task.Judges;
import org.alignmentworkbench.db.view.QualityView;
import org.alignmentworkbench.db.view.QualityView.Reading;
import org.alignmentworkbench.db.view.QualityView.Stamp;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// The reports that were looked at last, each for as long as its judgements are the same.
///
/// Seconds of work for some hundred thousand judgements are done once, also when several people ask
/// at the same moment: the others wait for the first. Every look asks the database whether a
/// judgement came, went or changed since, or an answer became known, so nobody sees an old figure.
@Component
class QualityReports {
  /// A report of 300,000 judgements takes some megabytes.
  private static final int MOST = 8;

  private final QualityView view;
  private final Formats formats;
  private final Map<Key, Kept> kept = new LinkedHashMap<>(MOST, 0.75f, true);

  QualityReports(QualityView view, Formats formats) {
    this.view = view;
    this.formats = formats;
  }

  private record Key(
      long projectId, Judges judges, @Nullable Integer round, Dimension dimension, ZoneId zone) {}

  private record Kept(Stamp stamp, FutureTask<QualityReport> report) {}

  QualityReport of(long projectId, Judges judges, @Nullable Integer round, Dimension dimension) {
    Key key = new Key(projectId, judges, round, dimension, formats.zone());
    // Before the readings: a judgement that comes in between makes the report anew next time.
    Kept fresh = new Kept(view.stamp(projectId, judges, round), new FutureTask<>(() -> make(key)));
    FutureTask<QualityReport> report = keep(key, fresh);
    report.run(); // does nothing where it runs or has run
    try {
      return report.get();
    } catch (ExecutionException e) {
      forget(key, report);
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("the report of project " + projectId + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a report was being made", e);
    }
  }

  private FutureTask<QualityReport> keep(Key key, Kept fresh) {
    synchronized (kept) {
      @Nullable Kept there = kept.get(key);
      if (there != null && there.stamp().equals(fresh.stamp())) {
        return there.report();
      }
      kept.put(key, fresh);
      if (kept.size() > MOST) {
        kept.remove(kept.keySet().iterator().next());
      }
      return fresh.report();
    }
  }

  private void forget(Key key, FutureTask<QualityReport> report) {
    synchronized (kept) {
      @Nullable Kept there = kept.get(key);
      if (there != null && there.report().equals(report)) {
        kept.remove(key);
      }
    }
  }

  private QualityReport make(Key key) {
    List<Reading> readings = new ArrayList<>();
    view.read(key.projectId(), key.judges(), key.round(), readings::add);
    return QualityReport.of(readings, key.dimension(), key.zone());
  }
}
