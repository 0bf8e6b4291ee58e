package org.alignmentworkbench.annotation.reading;

import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.db.person.PersonSettingRepository;
import org.alignmentworkbench.db.task.ClaimedSlot;
import org.alignmentworkbench.db.task.Queue;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.server.ResponseStatusException;

/// What an annotator chooses about reading while a task is open.
@Controller
@RequestMapping("/label")
public class ReadingController {
  private final PersonSettingRepository settings;
  private final Queue queue;

  ReadingController(PersonSettingRepository settings, Queue queue) {
    this.settings = settings;
    this.queue = queue;
  }

  /// What is kept now.
  record Kept(boolean raw) {}

  /// Remembers whether this person reads texts as they are.
  @PostMapping("/reading/raw")
  ResponseEntity<Kept> raw(
      @AuthenticationPrincipal SignedInPerson person, @RequestParam("on") boolean on) {
    settings.setRaw(person.personId(), on);
    return ResponseEntity.ok(new Kept(on));
  }

  /// The two answers of a pair in hand with the words marked that only one of them has.
  @GetMapping("/{slot:[0-9]+}/differences")
  String differences(
      @AuthenticationPrincipal SignedInPerson person, @PathVariable long slot, Model model) {
    ClaimedSlot held =
        queue
            .held(slot, person.personId())
            .orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND));
    model.addAttribute("differences", Differences.between(held.left(), held.right()));
    return "label/differences :: differences";
  }
}
