// A shop in a browser that reports its errors, as the documentation of @sentry/browser shows. Built and made small by
// the test; settings stand in the page.
import * as Sentry from '@sentry/browser'

Sentry.init({
  dsn: window.settings.dsn,
  release: window.settings.release,
  dist: window.settings.dist,
  environment: 'production',
})
Sentry.setUser({ id: 'user-7' })
Sentry.addBreadcrumb({ category: 'cart', message: 'added é😀' })

function chargeCard(order) {
  if (order.total === undefined) {
    throw new TypeError(`order ${order.id} has no total`)
  }
  return order.total
}

function checkOut(orders) {
  return orders.map((order) => chargeCard(order))
}

window.addEventListener('load', () => {
  setTimeout(() => checkOut([{ id: 17 }]), 0)
})
