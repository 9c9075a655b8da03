package dev.tale.chart;

import java.io.IOException;
import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** What is written, read by a strict parser. */
public final class Xml {
  private final Document document;

  private Xml(Document document) {
    this.document = document;
  }

  /**
   * Parses a text.
   *
   * @throws IOException if it is not well-formed
   */
  public static Xml parse(String text) throws IOException {
    try {
      DocumentBuilder parser = DocumentBuilderFactory.newInstance().newDocumentBuilder();
      parser.setErrorHandler(null);
      return new Xml(parser.parse(new InputSource(new StringReader(text))));
    } catch (SAXException | ParserConfigurationException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Returns the elements that an XPath finds. */
  public List<Element> find(String path) {
    try {
      NodeList found =
          (NodeList)
              XPathFactory.newInstance()
                  .newXPath()
                  .evaluate(path, document, XPathConstants.NODESET);
      return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
    } catch (XPathExpressionException e) {
      throw new IllegalArgumentException(path, e);
    }
  }

  /** Returns the texts of the elements that an XPath finds. */
  public List<String> texts(String path) {
    return find(path).stream().map(Element::getTextContent).toList();
  }

  /** Returns an attribute that is a number. */
  public static double number(Element element, String attribute) {
    return Double.parseDouble(element.getAttribute(attribute));
  }

  /**
   * Returns what a coordinate stands for, by the first and the last tick of an axis of a chart.
   *
   * @param axis x or y
   */
  public double value(String axis, double coordinate) {
    List<Element> ticks = find("//text[@class='tick " + axis + "']");
    double shift = axis.equals("y") ? -4 : 0;
    Element first = ticks.get(0);
    Element last = ticks.get(ticks.size() - 1);
    double low = Double.parseDouble(first.getTextContent());
    double high = Double.parseDouble(last.getTextContent());
    double start = number(first, axis) + shift;
    double end = number(last, axis) + shift;
    return low + (coordinate - start) / (end - start) * (high - low);
  }
}
