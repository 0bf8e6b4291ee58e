package org.alignmentworkbench.app.bench.desk;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.alignmentworkbench.app.bench.BenchReport.Figure;
import tools.jackson.databind.JsonNode;

/// Annotators at work, and somebody who looks through the lists meanwhile.
///
/// An annotator asks for the next pair and is led to its page, which asks for the project's
/// progress as the page's script does; thinks; has a draft saved; thinks again; submits. Thinking
/// times are exponential, so requests come as those of independent people. Whoever looks through
/// the lists takes any page, depth and filter in turn.
final class DeskLoad {
  private static final Pattern SLOT = Pattern.compile("/label/([0-9]+)(?:\\?|$)");
  private static final List<String> SIDES = List.of("left.", "right.");
  private static final List<String> CRITERIA =
      List.of("instructionFollowing", "concision", "truthfulness", "harmlessness");

  /// Share of submits after which the clock runs: the server's code is compiled by then.
  private static final double WARM_UP = 0.05;

  /// An annotator looks through what they have judged after so many pairs.
  private static final int HISTORY = 20;

  private static final double LOOKING_SECONDS = 0.5;

  private final Scale scale;
  private final long project;
  private final List<Visitor> annotators;
  private final Visitor lead;
  private final Latencies next = new Latencies();
  private final Latencies submits = new Latencies();
  private final Latencies drafts = new Latencies();
  private final Latencies lists = new Latencies();
  private final AtomicInteger submitted = new AtomicInteger();
  private final Set<Long> judgements = ConcurrentHashMap.newKeySet();

  /// @param annotators signed in, each as somebody else
  /// @param lead who may see every list
  DeskLoad(Scale scale, long project, List<Visitor> annotators, Visitor lead) {
    this.scale = scale;
    this.project = project;
    this.annotators = annotators;
    this.lead = lead;
  }

  /// Works until all submits are made.
  List<Figure> run() throws IOException, InterruptedException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> working = new ArrayList<>();
      for (int i = 0; i < annotators.size(); i++) {
        int person = i;
        working.add(
            threads.submit(() -> {
              annotate(annotators.get(person), new SplittableRandom(100 + person));
              return null;
            }));
      }
      working.add(
          threads.submit(() -> {
            look(new SplittableRandom(99));
            return null;
          }));
      for (Future<?> one : working) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("the load programme came to an end: " + e.getCause(), e);
    }
    lists.byWhat().forEach(System.err::println);
    return List.of(
        next.p95(Part.DESK.figures().get(0)),
        submits.p95(Part.DESK.figures().get(1)),
        drafts.p95(Part.DESK.figures().get(2)),
        lists.p95(Part.DESK.figures().get(3)));
  }

  /// The judgements that the server acknowledged.
  Set<Long> judgements() {
    return Set.copyOf(judgements);
  }

  private boolean done() {
    return submitted.get() >= scale.submits();
  }

  private void annotate(Visitor person, SplittableRandom random)
      throws IOException, InterruptedException {
    // Nobody begins at the same moment as all others.
    think(random, scale.thinkingSeconds());
    for (int pairs = 1; !done(); pairs++) {
      long slot = open(person);
      think(random, scale.thinkingSeconds() / 2);
      draft(person, slot, random);
      think(random, scale.thinkingSeconds() / 2);
      submit(person, slot, random);
      if (pairs % HISTORY == 0) {
        timed(lists, "/label/done", () -> person.get("/label/done?before=" + before(random)));
      }
    }
  }

  private long open(Visitor person) throws IOException, InterruptedException {
    long start = System.nanoTime();
    HttpResponse<String> led = Visitor.expect(302, person.get("/label/next?project=" + project));
    String place = led.headers().firstValue("Location").orElse("");
    Matcher matcher = SLOT.matcher(place);
    if (!matcher.find()) {
      throw new IOException("there must be a pair for everybody, was led to " + place);
    }
    Visitor.expect(200, person.get(place));
    keep(next, "next", start);
    Visitor.expect(200, person.get("/label/progress?project=" + project));
    return Long.parseLong(matcher.group(1));
  }

  private void draft(Visitor person, long slot, SplittableRandom random)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    String body = "{\"strength\":%d,\"reason\":\"so far\"}".formatted(1 + random.nextInt(4));
    Visitor.expect(200, person.putJson("/label/" + slot + "/draft", body));
    keep(drafts, "draft", start);
  }

  private void submit(Visitor person, long slot, SplittableRandom random)
      throws IOException, InterruptedException {
    Map<String, String> form = new HashMap<>();
    form.put("key", UUID.randomUUID().toString());
    int strength = 1 + random.nextInt(4);
    form.put("strength", Integer.toString(random.nextBoolean() ? strength : -strength));
    for (String side : SIDES) {
      for (String criterion : CRITERIA) {
        form.put(side + criterion, Integer.toString(random.nextInt(3)));
      }
    }
    form.put("reason", "");
    form.put("activeMillis", "1500");
    long start = System.nanoTime();
    JsonNode outcome = person.postForJson("/label/" + slot, form);
    keep(submits, "submit", start);
    if (!outcome.path("outcome").asString().equals("accepted")
        || outcome.path("repeated").asBoolean()
        || !judgements.add(outcome.path("judgement").asLong())) {
      throw new IOException("a first judgement of slot " + slot + " was answered " + outcome);
    }
    submitted.incrementAndGet();
  }

  private void look(SplittableRandom random) throws IOException, InterruptedException {
    List<String> places =
        List.of(
            "/projects/" + project + "/prompts?after=",
            "/projects/" + project + "/prompts?split=PREFERENCE&kind=IMPORTED&after=",
            "/projects/" + project + "/prompts?split=SUPERVISED&after=",
            "/projects/" + project + "/prompts?kind=ARITHMETIC&after=",
            "/projects/" + project + "/labelling",
            "/projects/" + project + "/judgements",
            "/projects/" + project + "/runs?state=COMPLETED",
            "/projects/" + project,
            "/projects",
            "/admin/audit?before=",
            "/label");
    for (int i = 0; !done() || lists.isEmpty(); i++) {
      String place = places.get(i % places.size());
      String path =
          place.endsWith("after=")
              ? place + random.nextInt(2 * scale.tasks())
              : place.endsWith("before=") ? place + before(random) : place;
      timed(lists, place, () -> lead.get(path));
      think(random, Math.min(LOOKING_SECONDS, scale.thinkingSeconds()));
    }
  }

  private long before(SplittableRandom random) {
    return 1L + random.nextInt(Math.max(1, scale.submits()));
  }

  private interface Asking {
    HttpResponse<String> ask() throws IOException, InterruptedException;
  }

  private void timed(Latencies latencies, String what, Asking asking)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    Visitor.expect(200, asking.ask());
    keep(latencies, what, start);
  }

  private void keep(Latencies latencies, String what, long start) {
    long taken = System.nanoTime() - start;
    if (submitted.get() >= WARM_UP * scale.submits()) {
      latencies.add(what, taken);
    }
  }

  /// @param mean seconds
  private static void think(SplittableRandom random, double mean) throws InterruptedException {
    Thread.sleep((long) (-1000 * mean * Math.log(1 - random.nextDouble())));
  }
}
