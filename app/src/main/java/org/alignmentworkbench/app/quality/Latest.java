package org.alignmentworkbench.app.quality;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/// What was made last, each for as long as what it was made of is the same.
///
/// Seconds of work are done once, also when several people ask at the same moment: the others wait
/// for the first.
///
/// @param <K> what is asked for
/// @param <S> tells what it was made of from what is there now
/// @param <R> what is made
final class Latest<K, S, R> {
  private final int most;
  private final Map<K, Kept<S, R>> kept;

  /// @param most how many are kept
  Latest(int most) {
    this.most = most;
    this.kept = new LinkedHashMap<>(most, 0.75f, true);
  }

  private record Kept<S, R>(S stamp, FutureTask<R> made) {}

  /// What was made with this stamp, or is made now.
  ///
  /// @param stamp taken before anything is read: what changes in between makes it anew next time
  R of(K key, S stamp, Callable<R> make) {
    FutureTask<R> made = keep(key, new Kept<>(stamp, new FutureTask<>(make)));
    made.run(); // does nothing where it runs or has run
    try {
      return made.get();
    } catch (ExecutionException e) {
      forget(key, made);
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(key + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + key + " was being made", e);
    }
  }

  private FutureTask<R> keep(K key, Kept<S, R> fresh) {
    synchronized (kept) {
      @Nullable Kept<S, R> there = kept.get(key);
      if (there != null && there.stamp().equals(fresh.stamp())) {
        return there.made();
      }
      kept.put(key, fresh);
      if (kept.size() > most) {
        kept.remove(kept.keySet().iterator().next());
      }
      return fresh.made();
    }
  }

  private void forget(K key, FutureTask<R> made) {
    synchronized (kept) {
      @Nullable Kept<S, R> there = kept.get(key);
      if (there != null && there.made().equals(made)) {
        kept.remove(key);
      }
    }
  }
}
