exports.handler = async () => ({ sold: true });
