package org.alignmentworkbench.app.run;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.alignmentworkbench.db.run.Heartbeat;
import org.alignmentworkbench.db.run.LogLine;
import org.alignmentworkbench.db.run.MetricPoint;
import org.alignmentworkbench.db.run.Run;
import org.alignmentworkbench.db.run.RunRepository;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter.SseEventBuilder;

/// Sends what is new in a run to the pages that show it. The rows are the only source, so it does
/// not matter which process runs the job, and a reader who comes back misses nothing.
///
/// Each reader has one virtual thread, the only one that writes to it: a slow reader holds nobody
/// up.
@Component
class RunStream {
  /// More than the 200 that are promised: who has left is noticed at the next event, which may be a
  /// ping, and counts until then.
  static final int MOST_READERS = 500;

  private static final Duration LOOK = Duration.ofMillis(700);
  private static final Duration PING = Duration.ofSeconds(15);

  /// A stream ends by itself after this time; the browser opens the next one, and is asked again
  /// who it is.
  private static final Duration LIFE = Duration.ofMinutes(10);

  private static final int POINTS = 2000;
  private static final int LINES = 500;

  private final RunRepository runs;
  private final RunPages pages;
  private final Set<Reader> readers = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  RunStream(RunRepository runs, RunPages pages) {
    this.runs = runs;
    this.pages = pages;
  }

  SseEmitter open(long runId, StreamPosition from) {
    if (closing || readers.size() >= MOST_READERS) {
      throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE);
    }
    SseEmitter emitter = new SseEmitter(LIFE.plusMinutes(1).toMillis());
    Reader reader = new Reader(runId, from, emitter);
    emitter.onCompletion(reader::end);
    emitter.onTimeout(reader::end);
    emitter.onError(_ -> reader.end());
    readers.add(reader);
    Thread.ofVirtual().name("run-events-" + runId).start(reader::run);
    return emitter;
  }

  long readers(long runId) {
    return readers.stream().filter(reader -> reader.runId == runId).count();
  }

  /// An open stream would hold the server's graceful end up until its patience is over.
  @EventListener
  void closing(ContextClosedEvent event) {
    closing = true;
    readers.forEach(reader -> {
      reader.end();
      reader.emitter.complete();
    });
  }

  private final class Reader {
    private final long runId;
    private final SseEmitter emitter;
    // Not an interrupt: that would close the database connection of a look under way.
    private final CountDownLatch gone = new CountDownLatch(1);
    // The curves this reader was told how to draw.
    private final Set<String> known = new HashSet<>();
    private StreamPosition position;
    private @Nullable String lastStatus;

    Reader(long runId, StreamPosition from, SseEmitter emitter) {
      this.runId = runId;
      this.position = from;
      this.emitter = emitter;
    }

    void end() {
      readers.remove(this);
      gone.countDown();
    }

    private void run() {
      long until = System.nanoTime() + LIFE.toNanos();
      long lastSent = System.nanoTime();
      try {
        emitter.send(SseEmitter.event().reconnectTime(2000).comment("run " + runId));
        while (gone.getCount() > 0 && System.nanoTime() < until) {
          Run run = runs.find(runId).orElseThrow();
          boolean sent = sendNew(run);
          if (!sent && run.state().ended()) {
            emitter.send(event("end", run.state().name()));
            break;
          }
          long now = System.nanoTime();
          if (sent) {
            lastSent = now;
          } else if (now - lastSent > PING.toNanos()) {
            emitter.send(SseEmitter.event().comment("still here"));
            lastSent = now;
          }
          if (gone.await(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
            break;
          }
        }
        emitter.complete();
      } catch (IOException | IllegalStateException e) {
        // The reader has gone, or the server ends: nobody is left to be told.
        return;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        if (!closing) {
          emitter.completeWithError(e);
        }
      } finally {
        readers.remove(this);
      }
    }

    /// @return whether there was anything
    private boolean sendNew(Run run) throws IOException {
      boolean sent = false;
      List<MetricPoint> points = runs.pointsAfter(runId, position.seq(), POINTS);
      if (!points.isEmpty()) {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        List<RunViews.Legend> fresh = new ArrayList<>();
        for (MetricPoint point : points) {
          if (known.add(point.series())) {
            fresh.add(pages.legend(point.series()));
          }
          rows.add(Arrays.asList(point.series(), point.step(), point.value()));
        }
        if (!fresh.isEmpty()) {
          emitter.send(event("legends", fresh));
        }
        position = new StreamPosition(points.getLast().seq(), position.line());
        emitter.send(event("points", rows));
        sent = true;
      }
      List<LogLine> lines = runs.logAfter(runId, position.line(), LINES);
      if (!lines.isEmpty()) {
        position = new StreamPosition(position.seq(), lines.getLast().id());
        emitter.send(event("log", lines.stream().map(pages::line).toList()));
        sent = true;
      }
      String status = statusOf(run);
      if (!status.equals(lastStatus)) {
        lastStatus = status;
        emitter.send(event("status", run.state().name()));
        sent = true;
      }
      return sent;
    }

    private String statusOf(Run run) {
      String beat =
          runs.heartbeat(runId)
              .map((Heartbeat h) -> h.at() + " " + h.stage() + " " + h.step())
              .orElse("");
      return run.state() + "\n" + run.detail() + "\n" + beat;
    }

    private SseEventBuilder event(String name, Object data) {
      return SseEmitter.event()
          .id(position.toString())
          .name(name)
          .data(data, MediaType.APPLICATION_JSON);
    }
  }
}
