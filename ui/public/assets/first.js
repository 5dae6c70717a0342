// Before the first paint: theme, language and direction, so that nothing flashes in the wrong one.
(function () {
  var theme = null
  try { theme = localStorage.getItem('whodunit.theme') } catch (error) { theme = null }
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme
  if (/^\/he(\/|$)/.test(location.pathname)) {
    document.documentElement.lang = 'he'
    document.documentElement.dir = 'rtl'
  }
})()
