function handler(event) {
  var request = event.request;
  if (request.headers.host.value === 'www.cuggu.com') {
    return { statusCode: 308, headers: { location: { value: 'https://cuggu.com' + request.uri } } };
  }
  return request;
}
