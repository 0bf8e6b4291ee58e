package org.alignmentworkbench.app.api;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alignmentworkbench.annotation.page.Crumb;
import org.alignmentworkbench.app.web.Words;
import org.springdoc.webmvc.api.OpenApiWebMvcResource;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import tools.jackson.databind.json.JsonMapper;

/// The API's document to read in a browser: every operation with its fields and a line to try it
/// by. It is the page of a server that may have no way out, and holds nothing that a policy without
/// inline scripts forbids.
@Controller
class ApiRooms {
  /// Where the document is.
  static final String DOCUMENT = "/api/openapi";

  private final OpenApiWebMvcResource document;
  private final Words words;

  ApiRooms(OpenApiWebMvcResource document, Words words) {
    this.document = document;
    this.words = words;
  }

  @GetMapping("/api")
  String api(HttpServletRequest request, Model model) throws IOException {
    byte[] json = document.openapiJson(request, DOCUMENT, Locale.ENGLISH);
    String origin =
        request.getScheme() + "://" + request.getServerName() + ":" + request.getServerPort();
    ApiPages pages = new ApiPages(JsonMapper.shared().readTree(json), origin);
    Map<String, List<ApiPages.Op>> groups = pages.groups();
    model.addAttribute("groups", groups);
    model.addAttribute("document", DOCUMENT);
    model.addAttribute("crumbs", List.of(new Crumb(words.of("api.title"), null)));
    return "api/api";
  }
}
