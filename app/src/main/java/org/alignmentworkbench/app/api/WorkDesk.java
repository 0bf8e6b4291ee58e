package org.alignmentworkbench.app.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.alignmentworkbench.annotation.desk.WorkDraft;
import org.alignmentworkbench.app.security.Account;
import org.alignmentworkbench.db.kind.Answer;
import org.alignmentworkbench.db.kind.KindJson;
import org.alignmentworkbench.db.kind.Question;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.task.Queue;
import org.alignmentworkbench.db.task.RedTeam;
import org.alignmentworkbench.db.task.Work;
import org.alignmentworkbench.db.task.WorkSlots;
import org.alignmentworkbench.db.task.WorkSubmission;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Tasks that are no comparisons, in the words of the API: answers are JSON objects as
/// `docs/task-kinds.md` has them, numbered in the order in which they are sent.
@Component
class WorkDesk {
  private final WorkSlots slots;

  WorkDesk(JdbcClient jdbc, Queue queue) {
    this.slots = new WorkSlots(jdbc, queue);
  }

  /// The task in this person's hands; empty for comparisons and for what is not in their hands.
  Optional<Work> held(long slot, Account person) {
    return slots.held(slot, person.personId());
  }

  WorkSlots slots() {
    return slots;
  }

  static Map<String, Object> question(Work work) {
    return Json.object(KindJson.write(work.question()));
  }

  /// A draft as the desk's page keeps one, so that either goes on with what the other saved.
  static String draft(Work work, LabelApi.JudgementBody body) {
    Map<String, String> fields = body.fields() == null ? Map.of() : body.fields();
    WorkDraft draft = new WorkDraft(fields, body.activeMillis());
    if (!draft.of(work)) {
      throw Problems.refused(
          "fields must be those of the form for %s, as the desk names them, were %s"
              .formatted(work.question().kind(), fields.keySet()));
    }
    return JsonMapper.shared().writeValueAsString(draft);
  }

  WorkSubmission submission(
      Work work, UUID key, LabelApi.JudgementBody body, String reason, Account person) {
    Map<String, Object> given = body.answer();
    if (given == null) {
      throw Problems.refused(
          "answer must be given for a task of the kind %s, was null"
              .formatted(work.question().kind()));
    }
    return new WorkSubmission(
        work.slotId(),
        person.personId(),
        key,
        answer(work, given),
        reason,
        body.activeMillis() == null ? 0 : body.activeMillis(),
        body.guidelineVersion() == null ? 0 : body.guidelineVersion(),
        person.scripted());
  }

  private static Answer answer(Work work, Map<String, Object> given) {
    TaskKind kind = work.question().kind();
    ObjectNode node = Json.node(new LinkedHashMap<>(given));
    if (node.has("kind") || node.has("shown")) {
      throw Problems.refused("answer has 'kind' or 'shown', which the server knows");
    }
    if (work.question() instanceof Question.RedTeam) {
      attempt(work, node);
    }
    if (kind == TaskKind.CHOICE && !node.has("strength")) {
      node.put("strength", 0);
    }
    node.put("kind", kind.name());
    if (kind == TaskKind.CHOICE || kind == TaskKind.RANK) {
      // The order in which they were shown is the database's to say.
      ArrayNode shown = node.putArray("shown");
      for (int i = 0; i < work.answers().size(); i++) {
        shown.add(i);
      }
    }
    return plain(KindJson.answer(node.toString()));
  }

  /// What is written loses what the page's fields lose.
  private static Answer plain(Answer answer) {
    return switch (answer) {
      case Answer.Written(String text) -> new Answer.Written(text.replace("\0", "").strip());
      case Answer.Edited(String text) -> new Answer.Edited(text.replace("\0", "").strip());
      case Answer.Chosen _, Answer.Graded _, Answer.Ranked _, Answer.Marked _, Answer.Attacked _ ->
          answer;
    };
  }

  /// The attempt's number stands for what was asked and answered.
  private static void attempt(Work work, ObjectNode node) {
    long number = node.path("attempt").asLong(0);
    RedTeam.Attempt attempt =
        work.attempts().stream()
            .filter(each -> each.id() == number)
            .findFirst()
            .orElseThrow(() ->
                Problems.refused(
                    "attempt must be one of %s, was %s"
                        .formatted(attempts(work), node.get("attempt"))));
    node.remove("attempt");
    node.put("prompt", attempt.prompt());
    node.put("response", attempt.response());
    if (!node.has("policy")) {
      node.put("policy", "");
    }
    if (!node.has("severity")) {
      node.put("severity", 0);
    }
  }

  private static List<Long> attempts(Work work) {
    return work.attempts().stream().map(RedTeam.Attempt::id).toList();
  }

  /// What was asked of the model so far, where the task is to ask one.
  static @Nullable List<RedTeam.Attempt> asked(Work work) {
    return work.question() instanceof Question.RedTeam ? work.attempts() : null;
  }
}
