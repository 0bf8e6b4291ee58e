package org.alignmentworkbench.app.quality;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.alignmentworkbench.annotation.page.Formats;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.task.Judges;
import org.alignmentworkbench.db.task.Setup;
import org.alignmentworkbench.db.view.KindView;
import org.alignmentworkbench.db.view.KindView.KindReading;
import org.alignmentworkbench.db.view.QualityView;
import org.alignmentworkbench.db.view.QualityView.Reading;
import org.alignmentworkbench.db.view.QualityView.Stamp;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/// The reports that were looked at last, each for as long as its judgements are the same.
///
/// Every look asks the database whether a judgement came, went or changed since, or an answer
/// became known, so nobody sees an old figure.
@Component
class QualityReports {
  /// A report of 300,000 judgements takes some megabytes.
  private static final int MOST = 8;

  private final QualityView view;
  private final KindView kinds;
  private final Formats formats;
  private final Latest<Key, Stamp, QualityReport> ofComparisons = new Latest<>(MOST);
  private final Latest<KindKey, KindView.Stamp, KindReport> ofKinds = new Latest<>(MOST);

  QualityReports(QualityView view, KindView kinds, Formats formats) {
    this.view = view;
    this.kinds = kinds;
    this.formats = formats;
  }

  private record Key(
      long projectId, Judges judges, @Nullable Integer round, Dimension dimension, ZoneId zone) {}

  private record KindKey(long setupId, Judges judges, String on, ZoneId zone) {}

  QualityReport of(long projectId, Judges judges, @Nullable Integer round, Dimension dimension) {
    Key key = new Key(projectId, judges, round, dimension, formats.zone());
    return ofComparisons.of(key, view.stamp(projectId, judges, round), () -> make(key));
  }

  private QualityReport make(Key key) {
    List<Reading> readings = new ArrayList<>();
    view.read(key.projectId(), key.judges(), key.round(), readings::add);
    return QualityReport.of(readings, key.dimension(), key.zone());
  }

  /// The report of a set-up whose tasks are no comparisons.
  ///
  /// @param on a measure's key; anything else is the first
  KindReport of(Setup setup, Judges judges, String on) {
    Question question = setup.question();
    KindKey key = new KindKey(setup.id(), judges, Measure.key(question, on), formats.zone());
    return ofKinds.of(key, kinds.stamp(setup.id(), judges), () -> make(question, key));
  }

  private KindReport make(Question question, KindKey key) {
    List<KindReading> readings = new ArrayList<>();
    kinds.read(key.setupId(), key.judges(), readings::add);
    return KindReport.of(question, readings, key.on(), key.zone());
  }
}
