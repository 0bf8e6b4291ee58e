package org.alignmentworkbench.annotation.reading;

import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.db.person.PersonSettingRepository;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// What an annotator chooses about reading while a task is open.
@Controller
@RequestMapping("/label/reading")
public class ReadingController {
  private final PersonSettingRepository settings;

  ReadingController(PersonSettingRepository settings) {
    this.settings = settings;
  }

  /// What is kept now.
  record Kept(boolean raw) {}

  /// Remembers whether this person reads texts as they are.
  @PostMapping("/raw")
  ResponseEntity<Kept> raw(
      @AuthenticationPrincipal SignedInPerson person, @RequestParam("on") boolean on) {
    settings.setRaw(person.personId(), on);
    return ResponseEntity.ok(new Kept(on));
  }
}
