package dev.tale.model;

import java.util.List;

/**
 * The model with a factor on what each layer adds to the residual stream: {@code x + g * f(x)}
 * instead of {@code x + f(x)}. With all factors 1 it is the model itself, bit for bit, with a
 * factor of 0 the model without that layer. Derivatives by these factors are the gradient
 * importance of layers.
 */
public interface ScaledLayers {

  /**
   * Answers requests under several vectors of factors. What vectors have in common from the first
   * layer on is run once.
   *
   * @param gates vectors of {@code layerCount} finite factors, by layer of the original model
   * @return answers indexed by vector, then by request, in the order given
   * @throws IllegalArgumentException if a vector has another length, or a factor is not finite
   * @throws UnanswerableRequestException as {@link LayeredModel#check} does, or if a request is a
   *     {@link Request.Generation} and the model generates nothing with scaled layers
   * @throws java.util.concurrent.CancellationException if the thread is interrupted
   */
  List<List<Response>> respond(List<Request> requests, List<double[]> gates);
}
