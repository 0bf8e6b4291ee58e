package org.alignmentworkbench.app.api;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import java.util.Map;
import org.alignmentworkbench.app.security.ApiRules;
import org.alignmentworkbench.db.person.Scope;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;

/// What the generated document says beside what stands in the handlers: how to sign a request, and
/// for each operation the scope and roles of its rule and the refusals that every operation shares.
@Configuration(proxyBeanMethods = false)
class ApiDocument {
  /// Names of the document's own members for scopes and roles.
  static final String SCOPES = "x-scopes";

  static final String ROLES = "x-roles";

  private static final String TOKEN = "token";
  private static final String PROBLEM = "Problem";

  private static final Map<String, String> REFUSALS =
      Map.of(
          "401", "There is no token, or none that opens anything.",
          "403", "The token lacks the scope.",
          "404", "It is not there, or not for this person.",
          "429", "Too many requests; Retry-After says how long to wait.");

  @Bean
  OpenAPI openApi() {
    return new OpenAPI()
        .info(
            new Info()
                .title("Alignment workbench")
                .version("v1")
                .description(
                    "What the pages do, for programs that bring a personal token. Lists are cut by"
                        + " key: send `next` as `before` or `after`. Refusals are problem+json whose"
                        + " `detail` names value, rule and place."))
        .servers(List.of(new Server().url("/")))
        .components(
            new Components()
                .addSecuritySchemes(
                    TOKEN, new SecurityScheme().type(SecurityScheme.Type.HTTP).scheme("bearer")))
        .addSecurityItem(new SecurityRequirement().addList(TOKEN));
  }

  private static Schema<?> problem() {
    return new ObjectSchema()
        .addProperty("title", new StringSchema())
        .addProperty("status", new io.swagger.v3.oas.models.media.IntegerSchema())
        .addProperty("detail", new StringSchema().description("value, rule and place"))
        .addProperty(
            "faults",
            new ObjectSchema()
                .additionalProperties(new StringSchema())
                .description("the rule that each field breaks, where there are several"));
  }

  @Bean
  OpenApiCustomizer rules() {
    return document -> {
      // Not in the bean above, which springdoc copies through JSON: a map's values do not survive
      // it.
      document.getComponents().addSchemas(PROBLEM, problem());
      document.getPaths().forEach((path, item) -> rules(path, item));
    };
  }

  private static void rules(String path, PathItem item) {
    item.readOperationsMap()
        .forEach((method, operation) ->
            ApiRules.find(HttpMethod.valueOf(method.name()), path)
                .ifPresent(rule -> rule(rule, operation)));
  }

  private static void rule(ApiRules.Rule rule, Operation operation) {
    operation.addExtension(SCOPES, rule.scopes().stream().sorted().map(Scope::title).toList());
    operation.addExtension(ROLES, rule.roles().stream().sorted().map(Enum::name).toList());
    Content problem =
        new Content()
            .addMediaType(
                "application/problem+json",
                new MediaType().schema(new Schema<>().$ref("#/components/schemas/" + PROBLEM)));
    REFUSALS.forEach((status, words) ->
        operation
            .getResponses()
            .addApiResponse(status, new ApiResponse().description(words).content(problem)));
  }
}
