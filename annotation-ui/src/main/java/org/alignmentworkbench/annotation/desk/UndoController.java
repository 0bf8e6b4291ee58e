package org.alignmentworkbench.annotation.desk;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.alignmentworkbench.annotation.page.Notice;
import org.alignmentworkbench.annotation.page.ScriptedRequests;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.db.kind.TaskKind;
import org.alignmentworkbench.db.task.UndoOutcome;
import org.springframework.context.MessageSource;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/// Takes back what somebody did last, whatever the kind of task.
@Controller
public class UndoController {
  private static final ScriptedRequests SCRIPTED = new ScriptedRequests();

  private final UndoDesk undo;
  private final MessageSource words;

  UndoController(UndoDesk undo, MessageSource words) {
    this.undo = undo;
    this.words = words;
  }

  /// Why nothing was taken back, for programs, and for people whose page is one.
  record Refused(String outcome, List<String> words) {}

  /// @param slot that the person judged or skipped; should they have done something else since, in
  ///   another window, nothing is taken back
  @PostMapping("/label/undo")
  Object undo(
      @AuthenticationPrincipal SignedInPerson person,
      @RequestParam long slot,
      HttpServletRequest request,
      RedirectAttributes redirect) {
    DeskController.mayLabel(person);
    return switch (undo.takeBack(person.personId(), slot)) {
      case UndoOutcome.TakenBack(long id, TaskKind kind, boolean _) ->
          inHand("taken-back", id, kind, request);
      case UndoOutcome.AlreadyInHand(long id, TaskKind kind) ->
          inHand("already-in-hand", id, kind, request);
      case UndoOutcome.TooLate _ ->
          refused("too-late", "label.undo.refused.too-late", request, redirect);
      case UndoOutcome.NotLast _ ->
          refused("not-last", "label.undo.refused.not-last", request, redirect);
      case UndoOutcome.Decided _ ->
          refused("decided", "label.undo.refused.decided", request, redirect);
      case UndoOutcome.Gone _ -> refused("gone", "label.undo.refused.gone", request, redirect);
      case UndoOutcome.TakenByOther _ ->
          refused("taken-by-other", "label.undo.refused.taken-by-other", request, redirect);
      case UndoOutcome.Closed _ ->
          refused("closed", "label.undo.refused.closed", request, redirect);
    };
  }

  private static Object inHand(
      String outcome, long slot, TaskKind kind, HttpServletRequest request) {
    String address = (kind == TaskKind.PAIR ? "/label/" : "/label/work/") + slot + "?after=undone";
    return SCRIPTED.matches(request)
        ? DeskController.fresh(new DeskController.Outcome(outcome, null, false, address, List.of()))
        : "redirect:" + address;
  }

  private Object refused(
      String outcome, String word, HttpServletRequest request, RedirectAttributes redirect) {
    if (SCRIPTED.matches(request)) {
      String text = words.getMessage(word, null, LocaleContextHolder.getLocale());
      return ResponseEntity.status(HttpStatus.CONFLICT).body(new Refused(outcome, List.of(text)));
    }
    redirect.addFlashAttribute("notice", Notice.of(Notice.Kind.WARN, word));
    return "redirect:/label";
  }
}
