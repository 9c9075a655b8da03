package dev.tale.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Links within the repository lead to a file and, where they name one, to a heading in it. */
class LinksTest {

  @Test
  void leadSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Document document : Document.all()) {
      for (String link : document.links()) {
        if (URI.create(link).getScheme() == null) {
          links++;
          if (!leads(document, URI.create(link))) {
            broken.add(document.file() + ": " + link);
          }
        }
      }
    }
    assertThat(broken).isEmpty();
    assertThat(links).isPositive();
  }

  private static boolean leads(Document from, URI link) {
    String path = link.getPath();
    Path to = path.isEmpty() ? from.file() : from.file().resolveSibling(path).normalize();
    if (!Files.exists(to)) {
      return false;
    }
    String anchor = link.getFragment();
    return anchor == null
        || Document.of(Document.ROOT.relativize(to).toString()).anchors().contains(anchor);
  }
}
