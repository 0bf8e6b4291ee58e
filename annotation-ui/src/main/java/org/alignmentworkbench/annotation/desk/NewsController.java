package org.alignmentworkbench.annotation.desk;

import java.time.Clock;
import org.alignmentworkbench.annotation.page.SignedInPerson;
import org.alignmentworkbench.db.note.Notes;
import org.alignmentworkbench.db.task.News;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/// What is new for somebody who waits at their desk.
@Controller
public class NewsController {
  private final News news;
  private final Notes notes;
  private final Clock clock;

  NewsController(News news, Notes notes, Clock clock) {
    this.news = news;
    this.notes = notes;
    this.clock = clock;
  }

  /// @param waiting whether there is work that they may do
  /// @param answers notes of theirs with an answer that they have not looked at
  record New(boolean waiting, long answers) {}

  @GetMapping("/label/news.json")
  ResponseEntity<New> news(@AuthenticationPrincipal SignedInPerson person) {
    DeskController.mayLabel(person);
    long personId = person.personId();
    return DeskController.fresh(
        new New(news.waiting(personId, clock.instant()), notes.unseen(personId)));
  }
}
